import { describe, expect, it } from 'vitest';
import { fullReport } from '../report.fixture.js';
import { renderPdf } from './page.js';
import { readPdf } from './read-pdf.fixture.js';

/** Text without spaces and line ends, since lines are broken where they are full. */
const squeezed = (text: string): string => text.replaceAll(/\s/g, '');

describe('the file of a full report', async () => {
  const file = await renderPdf(fullReport);
  const pdf = readPdf(file);
  const text = squeezed(pdf.pages.join(''));

  it('is a PDF that a reader need not repair, and the same again', async () => {
    expect(pdf.pages.length).toBeGreaterThan(2);
    expect((await renderPdf(fullReport)).equals(file)).toBe(true);
  });

  it.each([
    ['both thresholds of the FSC', ['0.143', '0.5', 'halfmaps:3.61Åat0.143,doesnotcross0.5']],
    ['units on the axes', ['spatialfrequency(1/Å)', 'resolution(Å)', 'localB-factor(Å²)', 'density of windows (1/Å²)']],
    ['powers of ten', ['10⁻¹', '10³']],
    ['statistics', ['Excesskurtosis25.7678.86', '25412–']],
    ['scale bars', ['25Å']],
    ['provenance', ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '64×80×96voxels,1.2Å/voxel']],
    ['what the map may be used for', ['nodensitywasinvented']],
    ['its warnings', ['Warning:input.voxel-size']],
    ['names that the font cannot show, by code points', ['crm.evil_‹U+6D4B›.mrc', '‹U+202E›']],
    ['numbers of pages', [`1/${pdf.pages.length}`]],
  ])('holds %s', (_, expected) => {
    expect(expected.map(squeezed).filter((part) => !text.includes(part))).toEqual([]);
  });

  it('shows no character that the font lacks', () => {
    expect(text).not.toContain('\uFFFD');
  });

  it('speaks: language, title, headings, and a description of each plot and picture', () => {
    expect(pdf.dictionaries).toMatch(/\/Lang \(en-GB\)/);
    expect(pdf.dictionaries).toMatch(/\/Marked true/);
    expect(pdf.dictionaries.match(/\/S \/H1\b/g)).toHaveLength(1);
    expect(pdf.dictionaries.match(/\/S \/H2\b/g)).toHaveLength(11);
    expect(pdf.dictionaries.match(/\/S \/Figure\b/g)).toHaveLength(12);
    expect(pdf.descriptions).toHaveLength(12);
    expect(pdf.descriptions[0]).toBe('input, section 49 of 96 across z');
    expect(pdf.descriptions.join('\n')).toContain('on a logarithmic axis, for input, reference and output.');
  });

  it('embeds its fonts and runs nothing', () => {
    expect(pdf.dictionaries.match(/\/FontFile2/g)?.length).toBeGreaterThanOrEqual(2);
    expect(pdf.dictionaries).not.toMatch(/\/(JavaScript|JS|URI|Launch|EmbeddedFile)\b/);
  });
});

describe('long tables', () => {
  it('go on over the page with their head repeated and lose no row', async () => {
    const options = Array.from({ length: 120 }, (_, i) => ({
      name: `--option_${i}`,
      value: `value ${i}`,
      source: 'default' as const,
    }));
    const { pages } = readPdf(await renderPdf({ title: 'map.mrc', options }));
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) expect(squeezed(page)).toContain('OptionValueSource');
    const all = pages.join('\n');
    expect(options.filter(({ name }) => !all.includes(`${name}\n`))).toEqual([]);
  });
});

describe('a report with a part that cannot be drawn', () => {
  it('says so and keeps the rest', async () => {
    const broken = { axis: [0.1], curves: [{ name: 'input', values: [NaN] }], definition: '' };
    const { pages } = readPdf(await renderPdf({ ...fullReport, profiles: broken }));
    const text = squeezed(pages.join(''));
    expect(text).toContain('Nocurvehasavaluethatcanbedrawn');
    expect(text).toContain('Excesskurtosis');
  });
});
