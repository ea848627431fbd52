import type { ConfidencePart, CoverageAtLevel } from '../data.js';
import type { Block } from '../document.js';
import { chart } from '../figure/chart.js';
import { numberText } from '../figure/numbers.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Corners of the steps of a histogram over -100 to 100; y in percent. */
function steps(shares: readonly number[]): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const edge = (bin: number): number => -100 + (200 * bin) / shares.length;
  return {
    x: shares.flatMap((_, bin) => [edge(bin), edge(bin + 1)]),
    y: shares.flatMap((share) => [100 * share, 100 * share]),
  };
}

/** Distribution of pVDDT, and whether the calibrated errors hold as much as they should. */
export function confidenceBlocks({ shares, beyond, levels, reliability, voxels }: ConfidencePart): readonly Block[] {
  const counted = `${numberText(voxels)} voxels of the mask`;
  const said = beyond.map(({ name, share }) => `${name}: ${percent(share)}`).join('; ');
  const percents = (pick: (level: CoverageAtLevel) => number): readonly number[] =>
    reliability.map((level) => 100 * pick(level));
  const nominal = percents((level) => level.nominal);
  const held = levels.map((level) => `${percent(level.nominal)} should hold ${percent(level.observed)}`).join('; ');
  return [
    {
      kind: 'figure',
      figure: chart({
        description: `Distribution of the confidence score pVDDT over ${counted}, from -100 to 100. Shares: ${said}.`,
        x: { name: 'pVDDT', kind: 'plain' },
        y: { name: 'mask voxels (%)', kind: 'linear', includes: [0] },
        curves: [{ name: 'pVDDT', ...steps(shares), filled: true }],
      }),
      caption:
        `Confidence score of ${counted}. Near 0 the enhanced map and the baseline agree within the expected error; ` +
        `towards +100 the network has added density, towards -100 it has taken density away. Shares: ${said}.`,
    },
    {
      kind: 'figure',
      figure: chart({
        description: `Reliability of the calibrated errors: share of mask voxels whose baseline lies within an interval, against the share that it should hold. ${held}.`,
        x: { name: 'should lie within the errors (%)', kind: 'plain' },
        y: { name: 'lie within (%)', kind: 'linear', includes: [0, 100] },
        curves: [
          { name: 'this map', x: nominal, y: percents((level) => level.observed) },
          { name: 'exactly as expected', x: nominal, y: nominal },
        ],
      }),
      caption:
        'Reliability of the errors. Below the line of equality the errors are too small for this map, and scores far from 0 mean less than they say; above it the errors are too large.',
    },
    {
      kind: 'table',
      caption: 'How many of the mask voxels have their baseline within so many calibrated standard errors.',
      columns: [
        { title: 'Should hold', align: 'end', share: 0.34 },
        { title: 'Standard errors', align: 'end', share: 0.33 },
        { title: 'Holds', align: 'end', share: 0.33 },
      ],
      rows: levels.map(({ nominal: level, z, observed }) => [percent(level), numberText(z), percent(observed)]),
    },
  ];
}
