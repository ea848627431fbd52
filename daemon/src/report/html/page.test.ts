import { describe, expect, it } from 'vitest';
import { fullReport, hostileName } from '../report.fixture.js';
import { renderHtml } from './page.js';

/** Element names that are open at the end, after every tag was matched with its own. */
function unclosed(page: string): readonly string[] {
  const open: string[] = [];
  const withoutStyle = page.replace(/<style>[\s\S]*?<\/style>/, '').replace('<!DOCTYPE html>', '');
  for (const [, close, name = '', attributes = '', empty] of withoutStyle.matchAll(
    /<(\/?)([a-z0-9]+)((?:\s+[a-zA-Z-]+="[^"<>]*")*)\s*(\/?)>/g,
  )) {
    if (close === '/') expect(open.pop(), `</${name}> after ${attributes}`).toBe(name);
    else if (empty !== '/') open.push(name);
  }
  // What is left when tags are taken away is text, and text holds no bare sign of markup.
  const text = withoutStyle.replaceAll(/<\/?[a-z0-9]+(?:\s+[a-zA-Z-]+="[^"<>]*")*\s*\/?>/g, '');
  expect(text.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>&]/);
  return open;
}

describe('the page of a full report', () => {
  const page = renderHtml(fullReport);

  it('is well-formed', () => {
    expect(unclosed(page)).toEqual([]);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    for (const [, target] of page.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('loads nothing from anywhere and runs nothing', () => {
    const addresses = [...page.matchAll(/[a-z]+:\/\/[^"\s)<]*/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    expect(page).not.toMatch(/<(script|link|iframe|object|embed|base|form)|@import|url\(|\son[a-z]+="/i);
    for (const [, source = ''] of page.matchAll(/src="([^"]*)"/g)) expect(source).toMatch(/^data:image\/png;base64,/);
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:');
  });

  it('shows hostile names as text', () => {
    expect(hostileName).toContain('<script>');
    const shown = 'half&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;‹U+202E›crm.evil_测.mrc';
    expect(page.split(shown).length - 1).toBe(2); // option and provenance
    expect(page).not.toContain('\u202E');
  });

  it('describes every picture and plot, and names every table and column', () => {
    const pictures = [...page.matchAll(/<img [^>]*>/g)].map(([tag]) => /alt="([^"]+)"/.exec(tag)?.[1]);
    expect(pictures).toHaveLength(6);
    expect(pictures[0]).toBe('input, section 49 of 96 across z');
    const plots = [...page.matchAll(/<svg [^>]*role="img"[^>]*><title id="[^"]*">([^<]{40,})<\/title>/g)];
    expect(plots).toHaveLength(6);
    expect(page.split('<table>').length).toBe(page.split('<caption>').length);
    const heads = page.match(/<th /g)?.length;
    expect(page.match(/<th scope="(col|row)"/g)).toHaveLength(heads ?? NaN);
  });

  it.each([
    ['both thresholds of the FSC', ['>0.143</text>', '>0.5</text>', '3.61\u00a0Å at 0.143', 'does not cross 0.5']],
    ['units on the axes', ['spatial frequency (1/Å)', 'resolution (Å)', 'local B-factor (Å²)']],
    ['statistics', ['25.76', '25\u202f412', '–']],
    ['B-factors', ['Median', '>90</td>']],
    ['scale bars', ['width:21.70%', '25 Å']],
    ['the confidence', ['mask voxels (%)', 'added, beyond +80: 4.0 %', '>87.1 %</td>', '>1.96</td>']],
    ['the network', ['>emmernet-sim</td>']],
    ['provenance', ['9f86d081', '64 × 80 × 96\u00a0voxels, 1.2\u00a0Å/voxel', 'taken from the store']],
    ['what the map may be used for', ['no density was invented']],
    ['its warnings', ['Warning: input.voxel-size']],
  ])('holds %s', (_, texts) => {
    expect(texts.filter((text) => !page.includes(text))).toEqual([]);
  });

  it('puts warnings before everything else', () => {
    expect(page.indexOf('Warning: input.voxel-size')).toBeLessThan(page.indexOf('<svg'));
  });
});

describe('a report that lacks parts', () => {
  it('is still a page when there is nothing but options', () => {
    const page = renderHtml({ title: 'map.mrc', options: [] });
    expect(unclosed(page)).toEqual([]);
    expect(page).not.toContain('<svg');
  });

  it('says in its place why a part is missing, whether it could not be computed or not be drawn', () => {
    const page = renderHtml({
      ...fullReport,
      profiles: { axis: [0.1, 0.2], curves: [{ name: 'input', values: [NaN, -1] }], definition: '' },
      failures: [{ part: 'bfactors', reason: 'the fit needs --ref_resolution' }],
    });
    expect(unclosed(page)).toEqual([]);
    expect(page).toContain('The fit needs --ref_resolution.');
    expect(page).toContain('No curve has a value that can be drawn');
    expect(page.match(/This part could not be made/g)).toHaveLength(2);
    expect(page).toContain('Fourier shell correlation against');
  });

  it('warns when density may come from elsewhere', () => {
    const by = 'The network emmernet_high';
    const page = renderHtml({ ...fullReport, origin: { kind: 'adds-density', by } });
    expect(page).toMatch(/notice caution[^>]*><strong>May show density that is not in the data/);
    expect(page).toContain(`${by} adds information from elsewhere`);
  });
});
