import type { Command } from 'commander';
import { readVolume, type Volume } from '../../volumes/index.js';
import { ExitWith, visibleError } from '../command-line-error.js';
import { exitCodeOf, exitCodes } from '../exit-codes.js';
import { processTerminal, type Terminal } from '../terminal.js';

const number = (n: number): string => String(Number(n.toPrecision(6)));
const triple = (numbers: readonly number[]): string => numbers.map(number).join(' × ');
const point = (numbers: readonly number[]): string => `(${numbers.map(number).join(', ')})`;
const axisName = (axis: number): string => ['x', 'y', 'z'][axis - 1] ?? '?';

/** The rows of the table: name and value. */
const rows = ({ grid, header, statistics: s, warnings }: Volume): readonly (readonly [string, string])[] => {
  const packing = header.compression === 'none' ? '' : `, packed with ${header.compression}`;
  const { extended, storedStatistics: stored } = header;
  const share = (100 * s.zeros) / (grid.shape[0] * grid.shape[1] * grid.shape[2]);
  return [
    ['file', `${header.path} (${header.byteOrder}-endian${packing})`],
    ['mode', `${header.mode} (${header.modeName})`],
    ['grid', `${triple(grid.shape)} voxels (z × y × x)`],
    ['voxel size', `${triple(grid.voxelSize)} Å (x × y × z)`],
    ['origin', `${point(grid.origin)} Å (x, y, z); ORIGIN words ${point(header.originWords)}`],
    ['nstart', `${point(header.start)} voxels (column, row, section)`],
    ['axis order', `${header.axisOrder.map(axisName).join(', ')} (column, row, section)`],
    ['cell', `${triple(header.cell)} Å, sampled ${triple(header.sampling)}; angles ${point(header.angles)}°`],
    ['space group', String(header.spaceGroup)],
    [
      'extended header',
      extended.bytes.length === 0 ? 'none' : `${extended.bytes.length} bytes ${extended.type}`.trim(),
    ],
    ['statistics', `min ${number(s.min)}, max ${number(s.max)}, mean ${number(s.mean)}, sd ${number(s.sd)}`],
    ['zeros', `${s.zeros} voxels (${share.toFixed(1)} %)`],
    [
      'stored in header',
      `min ${number(stored.min)}, max ${number(stored.max)}, mean ${number(stored.mean)}, sd ${number(stored.rms)}`,
    ],
    ...header.labels.map((label) => ['label', label] as const),
    ...warnings.map(({ kind, message }) => ['warning', `${message} [${kind}]`] as const),
  ];
};

const asJson = ({ grid, header, statistics, warnings }: Volume): string =>
  JSON.stringify({
    ok: true,
    path: header.path,
    compression: header.compression,
    byteOrder: header.byteOrder,
    mode: header.mode,
    modeName: header.modeName,
    grid,
    dimensions: header.dimensions,
    start: header.start,
    axisOrder: header.axisOrder,
    sampling: header.sampling,
    cell: header.cell,
    angles: header.angles,
    originWords: header.originWords,
    spaceGroup: header.spaceGroup,
    extendedHeader: { type: header.extended.type, bytes: header.extended.bytes.length },
    statistics,
    storedStatistics: header.storedStatistics,
    labels: header.labels,
    warnings,
  });

const asTable = (volume: Volume): string =>
  rows(volume)
    .map(([name, value]) => `${name.padEnd(18)}${value}`)
    .join('\n');

/** `locscale info`: what a map file holds, as it is read here. */
export function registerInfo(program: Command, terminal: Terminal = processTerminal): void {
  program
    .command('info')
    .description('show what map files hold: grid, voxel size, origin, statistics, labels, oddities')
    .argument('<files...>', 'MRC or CCP4 maps, plain, .gz or .bz2')
    .option('--json', 'print one JSON object a line for each file')
    .action(async (files: readonly string[], options: { readonly json?: boolean }) => {
      let code: number = exitCodes.ok.code;
      for (const [i, file] of files.entries()) {
        try {
          const volume = await readVolume(file, { requireSignal: false });
          if (options.json !== true && i > 0) terminal.print('');
          terminal.print(options.json === true ? asJson(volume) : asTable(volume));
        } catch (thrown) {
          const error = visibleError(thrown);
          if (options.json === true) terminal.print(JSON.stringify({ ok: false, path: file, error }));
          else terminal.note(`locscale: ${error.message}`);
          if (code === exitCodes.ok.code) code = exitCodeOf(error.kind);
        }
      }
      if (code !== exitCodes.ok.code) throw new ExitWith(code);
    });
}
