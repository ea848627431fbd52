import type {
  DensityOrigin,
  NetworkPart,
  Provenance,
  ReportFile,
  ReportOption,
  ReportWarning,
  StatisticsPart,
} from '../data.js';
import type { Block, Table } from '../document.js';
import { numberText } from '../figure/numbers.js';

export const warningBlocks = (warnings: readonly ReportWarning[]): readonly Block[] =>
  warnings.map(({ kind, message }) => ({ kind: 'notice', tone: 'caution', title: `Warning: ${kind}`, text: message }));

/** The sentence that decides what a map may be used for. */
export const originBlock = (origin: DensityOrigin): Block =>
  origin.kind === 'contrast-only'
    ? {
        kind: 'notice',
        tone: 'plain',
        title: 'Contrast only',
        text:
          'Local amplitudes were rescaled and all phases are those of the input, so no density was invented. ' +
          'Use the map for display and model building; refine against the half maps or the unsharpened map.',
      }
    : {
        kind: 'notice',
        tone: 'caution',
        title: 'May show density that is not in the data',
        text:
          `${origin.by} adds information from elsewhere, and features of it can appear as density. ` +
          'Check every feature against the half maps and the confidence score before it is interpreted, and do not refine against this map.',
      };

export const networkTable = ({ facts }: NetworkPart): Table => ({
  kind: 'table',
  caption: 'The network that predicted, as its record has it.',
  columns: [
    { title: 'Property', align: 'start', share: 0.2 },
    { title: 'Value', align: 'start', share: 0.8 },
  ],
  rows: facts.map(({ name, value }) => [name, value]),
});

export const optionsTable = (options: readonly ReportOption[]): Table => ({
  kind: 'table',
  caption: 'Options of the run, as given on the command line or by default.',
  columns: [
    { title: 'Option', align: 'start', share: 0.36 },
    { title: 'Value', align: 'start', share: 0.5 },
    { title: 'Source', align: 'start', share: 0.14 },
  ],
  rows: options.map(({ name, value, source }) => [name, value, source]),
});

export const statisticsTable = ({ maps, rows }: StatisticsPart): Table => {
  const share = 0.42 / Math.max(3, maps.length);
  return {
    kind: 'table',
    caption: 'Statistics of the maps; a dash where a number is not defined or was not asked for.',
    columns: [
      { title: 'Quantity', align: 'start', share: 0.28 },
      ...maps.map((title) => ({ title, align: 'end', share }) as const),
      { title: 'Meaning', align: 'start', share: 0.72 - share * maps.length },
    ],
    rows: rows.map(({ name, unit, values, meaning }) => [
      unit === '' ? name : `${name} (${unit})`,
      ...maps.map((_, i) => numberOrDash(values[i] ?? null)),
      meaning,
    ]),
  };
};

const numberOrDash = (value: number | null): string => (value === null ? '–' : numberText(value));

export function provenanceBlocks({ inputs, outputs, steps }: Provenance): readonly Block[] {
  const files = (caption: string, list: readonly ReportFile[]): readonly Block[] =>
    list.length === 0 ? [] : [fileTable(caption, list)];
  return [
    ...files('Files that were read. SHA-256 of the whole file.', inputs),
    ...files('Files that were written.', outputs),
    ...(steps.length === 0
      ? []
      : [
          {
            kind: 'table',
            caption: 'Steps in the order in which they finished.',
            columns: [
              { title: 'Step', align: 'start', share: 0.5 },
              { title: 'Version', align: 'end', share: 0.15 },
              { title: 'Seconds', align: 'end', share: 0.35 },
            ],
            rows: steps.map(({ name, version, seconds, reused }) => [
              name,
              String(version),
              reused === true ? 'taken from the store' : seconds === undefined ? '–' : seconds.toFixed(2),
            ]),
          } as const,
        ]),
  ];
}

function fileTable(caption: string, files: readonly ReportFile[]): Table {
  const size = ({ shape, voxelSize }: ReportFile): string =>
    [
      ...(shape === undefined ? [] : [`${[...shape].reverse().join(' × ')}\u00a0voxels`]),
      ...(voxelSize === undefined
        ? []
        : [`${[...new Set(voxelSize.map((a) => numberText(a)))].join(' × ')}\u00a0Å/voxel`]),
    ].join(', ');
  const hashed = files.some(({ sha256 }) => sha256 !== undefined);
  const sized = files.some((file) => size(file) !== '');
  return {
    kind: 'table',
    caption,
    columns: [
      { title: 'Role', align: 'start', share: 0.14 },
      { title: 'File', align: 'start', share: 0.3 },
      ...(sized ? [{ title: 'Grid (x × y × z)', align: 'start', share: 0.2 } as const] : []),
      ...(hashed ? [{ title: 'SHA-256', align: 'start', share: 0.36, fixedPitch: true } as const] : []),
    ],
    rows: files.map((file) => [
      file.role,
      file.name,
      ...(sized ? [size(file)] : []),
      ...(hashed ? [file.sha256 ?? '–'] : []),
    ]),
  };
}
