import type { Command } from 'commander';
import type { SymmetryCheck } from '../../engine/symmetry/check.js';
import type { Suggestion } from '../../engine/symmetry/suggest.js';
import { readVolume } from '../../volumes/index.js';
import { cancellable } from '../run/interrupt.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly json?: boolean;
}

/** Candidates that people want to see; the rest is in the JSON. */
const shown = 8;

/** `locscale symmetry-check`: which point group a map has, about which centre. */
export function registerSymmetryCheck(program: Command, terminal: Terminal): void {
  program
    .command('symmetry-check')
    .description('correlate a map with itself under point groups and suggest the group, its centre and its axes')
    .argument('<map>', 'MRC or CCP4 map, plain, .gz or .bz2')
    .option('--json', 'print one JSON object with every candidate')
    .addHelpText(
      'after',
      '\nTried: C2 to C24 about z, Dn on the best of them, T, T222, O, I1 to I4 (docs/symmetry.md).',
    )
    .action((file: string, options: Options) => cancellable((signal) => run(file, options, terminal, signal)));
}

async function run(file: string, { json }: Options, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { grid, voxels, warnings } = await readVolume(file, { signal });
  const { sampleMap } = await import('../../engine/symmetry/sample.js');
  const { suggestSymmetry } = await import('../../engine/symmetry/suggest.js');
  const { holdsFrom } = await import('../../engine/symmetry/check.js');
  const sample = await sampleMap(voxels, grid, signal);
  const suggestion = await suggestSymmetry(sample, signal);
  if (json === true) {
    const { best, candidates, twoFold } = suggestion;
    const facts = { suggestion: best.symmetry, centre: best.centre, twoFold };
    const how = { threshold: holdsFrom, resolution: sample.resolution, comparedVoxels: sample.voxels.length };
    terminal.print(JSON.stringify({ ok: true, path: file, ...facts, ...how, candidates, warnings }));
    return;
  }
  for (const line of lines(file, suggestion)) terminal.print(line);
}

const position = ({ centre }: SymmetryCheck): string => centre.map((n) => Number(n.toFixed(2))).join(',');

function lines(file: string, { best, candidates, twoFold }: Suggestion): readonly string[] {
  const rows = candidates
    .slice(0, shown)
    .map((c) => [c.symmetry, c.specific.toFixed(3), c.lowest.toFixed(3), c.mean.toFixed(3), position(c)] as const);
  const table = [['symmetry', 'specific', 'worst', 'mean', 'centre (z,y,x)'] as const, ...rows].map(
    ([name, specific, worst, mean, centre]) =>
      `${name.padEnd(22)} ${specific.padStart(8)} ${worst.padStart(7)} ${mean.padStart(7)}  ${centre}`,
  );
  return [...table, verdict(file, best, twoFold)];
}

function verdict(file: string, best: SymmetryCheck, twoFold: number | null): string {
  if (best.symmetry === 'C1') return 'C1: no symmetry tried holds.';
  const group = best.symmetry.split(' ')[0] ?? best.symmetry;
  const angle = twoFold === null || twoFold === 0 ? '' : ` --two-fold ${twoFold}`;
  return `${group}: locscale symmetrise ${file} -sym ${group}${angle} --centre ${position(best)} -o symmetrised.mrc`;
}
