import type { Block, Pictures, Table } from '../document.js';
import { element, escaped, open } from './markup.js';
import { svg } from './svg.js';

/** Figures and tables are numbered through the report. */
export class Numbering {
  #figures = 0;
  #tables = 0;

  figure(): number {
    return ++this.#figures;
  }

  table(): number {
    return ++this.#tables;
  }
}

export function blockMarkup(block: Block, numbering: Numbering): string {
  switch (block.kind) {
    case 'text':
      return element('p', {}, escaped(block.text));
    case 'notice':
      return element(
        'div',
        { class: `notice ${block.tone}`, role: 'note' },
        element('strong', {}, escaped(block.title)),
        element('p', {}, escaped(block.text)),
      );
    case 'table':
      return tableMarkup(block, numbering.table());
    case 'figure': {
      const number = numbering.figure();
      return element('figure', {}, svg(block.figure, `figure-${number}`), captionMarkup(number, block.caption));
    }
    case 'pictures':
      return picturesMarkup(block, numbering.figure());
  }
}

const captionMarkup = (number: number, caption: string): string =>
  element('figcaption', {}, element('span', { class: 'label' }, `Figure ${number}. `), escaped(caption));

function picturesMarkup({ pictures, width, bar, caption }: Pictures, number: number): string {
  const one = ({ name, description, png }: Pictures['pictures'][number]): string =>
    element(
      'div',
      { class: 'picture' },
      element('span', {}, escaped(name)),
      element(
        'div',
        { class: 'frame' },
        `<img alt="${escaped(description)}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}" />`,
        element(
          'div',
          { class: 'bar', style: `width:${((100 * bar) / width).toFixed(2)}%` },
          element('span', {}, `${bar} Å`),
        ),
      ),
    );
  return element(
    'figure',
    {},
    element('div', { class: 'pictures' }, ...pictures.map(one)),
    captionMarkup(number, caption),
  );
}

function tableMarkup({ caption, columns, rows }: Table, number: number): string {
  const classes = columns.map(({ align, fixedPitch }) =>
    [...(align === 'end' ? ['end'] : []), ...(fixedPitch === true ? ['fixed'] : [])].join(' '),
  );
  const attributes = (index: number): { readonly class: string | null } => ({ class: classes[index] || null });
  return [
    '<div class="scroll" tabindex="0" role="region" ',
    `aria-label="Table ${number}">`,
    open('table'),
    element('caption', {}, element('span', { class: 'label' }, `Table ${number}. `), escaped(caption)),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...columns.map(({ title, align }) =>
          element('th', { scope: 'col', class: align === 'end' ? 'end' : null }, escaped(title)),
        ),
      ),
    ),
    element(
      'tbody',
      {},
      ...rows.map((cells) =>
        element(
          'tr',
          {},
          ...cells.map((cell, index) =>
            index === 0
              ? element('th', { scope: 'row', ...attributes(index) }, escaped(cell))
              : element('td', attributes(index), escaped(cell)),
          ),
        ),
      ),
    ),
    '</table></div>',
  ].join('');
}
