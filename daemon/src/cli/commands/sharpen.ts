import type { Command } from 'commander';
import { addLocScaleOptions, givenOptions } from '../options/commander.js';
import { sharpenRequest, type SharpenRequest } from '../options/request.js';
import { doubtLines, resultLines, verboseLines, type SharpenResult } from '../output/result.js';
import { evaluateRequest } from '../run/evaluate-request.js';
import { cancellable } from '../run/interrupt.js';
import type { RunOutcome } from '../run/outcome.js';
import { helpAsRank, oneOfMany, withNoteOnRanks } from '../run/ranks.js';
import type { Terminal } from '../terminal.js';

/** `locscale sharpen …`, which is also what `locscale …` without a command means. */
export function registerSharpen(program: Command, terminal: Terminal): Command {
  const command = program
    .command('sharpen')
    .description('scale the amplitudes of a map locally, against a reference map or without one (the default command)')
    .usage('-hm HALF1 HALF2 | -em MAP  -mm REFERENCE | --no_reference  [-ma MASK] [-o OUT]')
    .allowExcessArguments(false);
  return addLocScaleOptions(command).action(() =>
    runRequest(sharpenRequest(givenOptions(command), process.cwd()), terminal),
  );
}

/** Runs what a command line asks for, here, in the daemon or with other ranks, and tells what came of it. */
export async function runRequest(asked: SharpenRequest, terminal: Terminal): Promise<void> {
  const started = performance.now();
  const launch = oneOfMany(asked);
  const request = withNoteOnRanks(asked, launch);
  if (launch !== null && launch.rank > 0) return cancellable((signal) => helpAsRank(launch, signal));
  const outcome = await cancellable((signal) => evaluateRequest(request, launch, terminal, signal));
  report(request, outcome, (performance.now() - started) / 1000, terminal);
}

function report(request: SharpenRequest, outcome: RunOutcome, seconds: number, terminal: Terminal): void {
  const result: SharpenResult = { ok: true, output: request.output, ...outcome, seconds, notes: request.notes };
  if (request.json) {
    terminal.print(JSON.stringify(result));
    return;
  }
  const lines = request.verbose ? verboseLines(result) : doubtLines(result);
  for (const line of lines) terminal.note(line);
  for (const line of resultLines(result)) terminal.print(line);
}
