import type { AuditPart, BfactorsPart, FscPart, ProfilesPart } from '../data.js';
import type { Block } from '../document.js';
import { chart } from '../figure/chart.js';
import { commonAxis, density } from '../figure/density.js';
import { numberText, resolutionText } from '../figure/numbers.js';

const frequency = { name: 'spatial frequency (1/Å)', kind: 'frequency' } as const;

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

const ends = (values: ArrayLike<number>): string =>
  `${numberText(values[0] ?? NaN, 3)} to ${numberText(values[values.length - 1] ?? NaN, 3)}`;

export function profileBlocks({ axis, curves, definition }: ProfilesPart): readonly Block[] {
  const drawn = curves.map(({ name, values }) => ({ name, x: axis, y: values }));
  const figure = chart({
    description: `Mean amplitude against spatial frequency from ${ends(axis)} 1/Å on a logarithmic axis, for ${list(curves.map(({ name }) => name))}.`,
    x: frequency,
    y: { name: 'mean amplitude (arbitrary units)', kind: 'log' },
    curves: drawn,
  });
  return [{ kind: 'figure', figure, caption: `Radial amplitude profiles. ${definition}` }];
}

export function fscBlocks({ title, axis, curves, marked }: FscPart): readonly Block[] {
  const crossed = curves.filter(({ crossings }) => crossings !== undefined);
  const said = crossed.map(({ name, crossings }) => {
    const at = (threshold: '0.143' | '0.5'): string => {
      const value = crossings?.[threshold] ?? null;
      return value === null ? `does not cross ${threshold}` : `${resolutionText(value)} at ${threshold}`;
    };
    return `${name}: ${at('0.143')}, ${at('0.5')}`;
  });
  const spoken = said.length === 0 ? '' : ` Resolution: ${said.join('; ')}.`;
  const figure = chart({
    description: `Fourier shell correlation against spatial frequency from ${ends(axis)} 1/Å, for ${list(curves.map(({ name }) => name))}.${spoken}`,
    x: frequency,
    y: { name: 'FSC', kind: 'linear', includes: [0, 1] },
    curves: curves.map(({ name, values }) => ({ name, x: axis, y: values })),
    thresholds: [
      { at: 0.5, name: '0.5' },
      { at: 0.143, name: '0.143' },
    ],
    resolutions: marked === undefined ? [] : [marked],
  });
  return [{ kind: 'figure', figure, caption: `${title}.${spoken}` }];
}

export function bfactorBlocks({ samples, definition }: BfactorsPart): readonly Block[] {
  const axis = commonAxis(samples.map(({ values }) => values));
  const densities = samples.map(({ name, values }) => ({ name, ...density(values, axis) }));
  const figure = chart({
    description: `Distribution of local B-factors in Å². ${densities.map(({ name, median }) => `${name}: median ${numberText(median, 3)} Å²`).join('; ')}.`,
    x: { name: 'local B-factor (Å²)', kind: 'plain' },
    y: { name: 'density of windows (1/Å²)', kind: 'linear', includes: [0] },
    curves: densities.map(({ name, values }) => ({ name, x: axis, y: values, filled: true })),
  });
  return [
    { kind: 'figure', figure, caption: `Local B-factors, as kernel density. ${definition}` },
    {
      kind: 'table',
      caption: 'Local B-factors in Å².',
      columns: [
        { title: 'Map', align: 'start', share: 0.36 },
        { title: 'Windows', align: 'end', share: 0.16 },
        { title: '10th percentile', align: 'end', share: 0.16 },
        { title: 'Median', align: 'end', share: 0.16 },
        { title: '90th percentile', align: 'end', share: 0.16 },
      ],
      rows: densities.map(({ name, count, tenth, median, ninetieth }) => [
        name,
        ...[count, tenth, median, ninetieth].map((value) => numberText(value)),
      ]),
    },
  ];
}

export function auditBlocks({ voxels, total, definition }: AuditPart): readonly Block[] {
  const drawn = voxels.map(({ voxel, axis, curves, facts }): Block => {
    const [z, y, x] = voxel;
    const numbers = facts.map(({ name, value }) => `${name} ${value}`).join(', ');
    const names = list(curves.map(({ name }) => name));
    const figure = chart({
      description: `Amplitude profiles in the window of voxel z ${z}, y ${y}, x ${x} on a logarithmic axis: ${names}. ${numbers}.`,
      x: frequency,
      y: { name: 'amplitude (arbitrary units)', kind: 'log' },
      curves: curves.map(({ name, values }) => ({ name, x: axis, y: values })),
    });
    return {
      kind: 'figure',
      figure,
      caption: `Voxel (z, y, x) = (${z}, ${y}, ${x})${numbers === '' ? '' : `: ${numbers}`}.`,
    };
  });
  return [{ kind: 'text', text: `${definition} Shown: ${voxels.length} of ${numberText(total)}.` }, ...drawn];
}
