import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Symmetrised, SymmetryClaim } from '../../engine/steps/symmetrise.js';
import { type Volume, readVolume, writeVolume } from '../../volumes/index.js';
import { CommandLineError } from '../command-line-error.js';
import { numberList } from '../options/symmetry.js';
import { wholeNumber } from '../options/numbers.js';
import { progressView, silentProgress } from '../output/progress.js';
import { cancellable } from '../run/interrupt.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly symmetry?: string;
  readonly outfile?: string;
  readonly helical?: string;
  readonly twoFold?: string;
  readonly centre?: string;
  readonly force?: boolean;
  readonly numberProcesses?: string;
  readonly json?: boolean;
}

/** `locscale symmetrise`: averages a map over a symmetry that it has. */
export function registerSymmetrise(program: Command, terminal: Terminal): void {
  program
    .command('symmetrise')
    .description('average a map over its point group or helix, after a check that the map has it')
    .argument('<map>', 'MRC or CCP4 map, plain, .gz or .bz2')
    .option('--symmetry <group>', '-sym works too: C1 to C99, D1 to D99, T, T222, O, I, I1 to I4')
    .option('--outfile <map>', '-o works too: map to write')
    .option('--helical <twist,rise>', 'helix about z: degrees (right-handed positive) and Å for each subunit')
    .option('--two-fold <degrees>', 'angle of a 2-fold of Dn from x towards y (default 0)')
    .option('--centre <z,y,x>', 'voxel position of the centre (default: voxel n/2, as in RELION)')
    .option('--force', 'average even when the map lacks the symmetry or its box does not suit it')
    .option('--number-processes <n>', '-np works too: threads (default: all processors)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nThe map is not changed where the check fails; see docs/symmetry.md for axes and numbers.')
    .action(async (file: string, options: Options) => {
      const claim = claimOf(options);
      const output = required(options.outfile, '-o, --outfile');
      await cancellable((signal) => run(file, resolve(output), claim, options, terminal, signal));
    });
}

function required(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  throw new CommandLineError(
    'command-line.usage',
    `The option ${flag} is missing; see \`locscale symmetrise --help\`.`,
  );
}

function claimOf(options: Options): SymmetryClaim {
  const helix = options.helical === undefined ? null : numberList('--helical', options.helical, 'twist,rise');
  if (options.symmetry === undefined && helix === null) required(undefined, '-sym, --symmetry (or --helical)');
  const centre = options.centre === undefined ? null : numberList('--centre', options.centre, 'z,y,x');
  const twoFold = numberList('--two-fold', options.twoFold ?? '0', 'degrees')[0] as number;
  return {
    group: options.symmetry ?? 'C1',
    twoFold,
    helix: helix === null ? null : { twist: helix[0] as number, rise: helix[1] as number },
    centre: centre === null ? null : (centre as [number, number, number]),
  };
}

async function run(
  file: string,
  output: string,
  claim: SymmetryClaim,
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const threads =
    options.numberProcesses === undefined ? undefined : wholeNumber('-np', options.numberProcesses, 1, 1024);
  // Loaded only here: other commands work without the native addon.
  const { checkOutputPath, programVersion } = await import('../../engine/index.js');
  const { Runner } = await import('../../engine/runner.js');
  const { operatorsOfClaim, symmetrise } = await import('../../engine/steps/symmetrise.js');
  await checkOutputPath(output, [file]);
  const volume = await readVolume(file, { signal });
  const { name } = operatorsOfClaim(claim, volume.grid);
  const view = options.json === true ? silentProgress : progressView(terminal);
  const elapsed = (): number => (performance.now() - started) / 1000;
  const runner = new Runner({ symmetrise: 1 }, {
    signal,
    onProgress: (progress) => view.update({ ...progress, elapsedSeconds: elapsed(), remainingSeconds: null }),
  }); // prettier-ignore
  let result: Symmetrised;
  try {
    const input = { voxels: volume.voxels, grid: volume.grid, claim, force: options.force === true, threads };
    result = await runner.run(symmetrise, input, 'symmetrise');
  } finally {
    view.end();
  }
  await write(
    output,
    volume,
    result,
    `LocScale ${programVersion}: symmetrised, ${name.replaceAll('°', ' deg').replaceAll('Å', 'A')}`,
  );
  const { check, operators } = result;
  const { centre, correlations, lowest, mean, baseline, specific, holds } = check;
  const warnings = [...volume.warnings, ...runner.warnings];
  const facts = { symmetry: name, centre, operators, correlations, lowest, mean, baseline, specific, holds };
  if (options.json === true) {
    terminal.print(JSON.stringify({ ok: true, output, ...facts, seconds: elapsed(), warnings }));
    return;
  }
  for (const { message } of runner.warnings) terminal.note(`Warning: ${message}`);
  terminal.print(output);
  const numbers = `correlation ${lowest.toFixed(3)} at worst, ${mean.toFixed(3)} on average`;
  terminal.print(`${name}, ${operators} operators about voxel (${centre.join(', ')}), ${numbers}`);
}

async function write(
  output: string,
  { grid, header }: Volume,
  { averaged, check }: Symmetrised,
  title: string,
): Promise<void> {
  const numbers = `Centre ${check.centre.map((n) => Number(n.toFixed(3))).join(',')} (z,y,x); correlation before ${check.lowest.toFixed(3)} to mean ${check.mean.toFixed(3)}`;
  const labels = [title.slice(0, 80), numbers.slice(0, 80)];
  await writeVolume(output, { grid, voxels: averaged, template: header, labels });
}
