import type { ReportData } from '../data.js';
import { composeReport } from '../compose.js';
import type { ReportDocument, Section } from '../document.js';
import { blockMarkup, Numbering } from './blocks.js';
import { element, escaped, open } from './markup.js';
import { style } from './style.js';

/** Nothing but what lies in the file: no scripts, no requests to anybody. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A report as one self-contained page. */
export const renderHtml = (data: ReportData): string => htmlPage(composeReport(data));

/** Lays out a document that is composed already. Every element is closed, so the page is well-formed XML after its first line. */
export function htmlPage({ title, subtitle, sections }: ReportDocument): string {
  const numbering = new Numbering();
  return [
    '<!DOCTYPE html>',
    open('html', { lang: 'en-GB' }),
    '<head><meta charset="utf-8" />',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}" />`,
    '<meta name="viewport" content="width=device-width, initial-scale=1" />',
    element('title', {}, `${escaped(title)} – LocScale report`),
    element('style', {}, style),
    '</head><body>',
    element(
      'header',
      {},
      element('h1', {}, escaped(title)),
      element('p', {}, escaped(subtitle)),
      element(
        'nav',
        { 'aria-label': 'Parts of this report' },
        ...sections.map(({ id, title: name }) => element('a', { href: `#${id}` }, escaped(name))),
      ),
    ),
    element('main', {}, ...sections.map((section) => sectionMarkup(section, numbering))),
    element(
      'footer',
      {},
      'Made on this computer by LocScale. The page holds everything that it shows and loads nothing.',
    ),
    '</body></html>\n',
  ].join('\n');
}

const sectionMarkup = ({ id, title, blocks }: Section, numbering: Numbering): string =>
  element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, escaped(title)),
    ...blocks.map((block) => `\n${blockMarkup(block, numbering)}`),
  );
