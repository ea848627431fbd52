import { hostname } from 'node:os';
import { LocScaleError } from '@chimerax-like/rpc';
import { type Launch, launchOf } from '../../cluster/launch.js';
import { rankPatienceMs } from '../../cluster/patience.js';
import { statePaths } from '../../state.js';
import { CommandLineError, ExitWith } from '../command-line-error.js';
import { exitCodeOf, exitCodes } from '../exit-codes.js';
import type { SharpenRequest } from '../options/request.js';
import type { ProgressView } from '../output/progress.js';
import { runInProcess } from './in-process.js';
import type { RunOutcome } from './outcome.js';

/**
 * The parallel run that this process is a part of, or null. Without `-mpi` the processes would all do the same: rank 0 says so, and
 * the others leave without an error, because launchers end all processes at the first error, before rank 0 could speak.
 */
export function oneOfMany(request: SharpenRequest): Launch | null {
  const launch = launchOf();
  if (launch === null || request.route === 'ranks') return launch;
  if (launch.rank > 0) throw new ExitWith(exitCodes.ok.code);
  throw new CommandLineError(
    'command-line.usage',
    `${launch.launcher} has started ${launch.size} processes that would all do the same work and write the same map; add -mpi to share the work among them, or start one process.`,
  );
}

/** Says of `-mpi` without a launcher that it has nothing to share the work with. */
export function withNoteOnRanks(request: SharpenRequest, launch: Launch | null): SharpenRequest {
  if (request.route !== 'ranks' || launch !== null) return request;
  const note = '-mpi has one process only; start several with mpirun -np 4 locscale … -mpi.';
  return { ...request, notes: [...request.notes, note] };
}

/** Whether a mistake in the command line is for rank 0 to report: all ranks have the same command line. */
export const isForRank0 = (argv: readonly string[], error: unknown): boolean =>
  error instanceof CommandLineError && (argv.includes('-mpi') || argv.includes('--mpi')) && (launchOf()?.rank ?? 0) > 0;

/** Rank 0: evaluates the recipe with the help of the other ranks, which have to be there. */
export async function runWithRanks(
  launch: Launch,
  request: SharpenRequest,
  view: ProgressView,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<RunOutcome> {
  const { leadRun, NotMet } = await import('../../cluster/index.js');
  const options = { ...meetingOf(launch, signal), patienceMs: rankPatienceMs() };
  try {
    return await leadRun(options, ({ signal: ending, scaleWindows, threads, hosts }) => {
      if (request.verbose && !request.json)
        note(`${launch.size} ranks on ${hosts} ${hosts === 1 ? 'host' : 'hosts'}, threads: ${threads.join(', ')}`);
      return runInProcess(request, view, ending, note, scaleWindows);
    });
  } catch (error) {
    // Whoever did not come has said why, or the launcher has; or it was the user who gave up at once.
    if (error instanceof NotMet) throw new ExitWith(exitCodes.cancelled.code);
    throw error;
  }
}

/** The other ranks: help rank 0, and leave the words to it unless it has none any more. */
export async function helpAsRank(launch: Launch, signal: AbortSignal): Promise<void> {
  const { helpRun, NotMet } = await import('../../cluster/index.js');
  const ending = await helpRun({ ...meetingOf(launch, signal), patienceMs: patienceOfRank0() }).catch(
    (error: unknown) => {
      if (error instanceof NotMet) throw new ExitWith(exitCodes.unavailable.code);
      if (!(error instanceof LocScaleError)) throw error;
      // It could not come to the place where rank 0 would have heard of it.
      const words = `Rank ${launch.rank} on ${hostname()}: ${error.message}`;
      throw new LocScaleError(error.kind, words, error.details, { cause: error });
    },
  );
  if (ending.kind === 'done') return;
  if (ending.mine) throw ending.error;
  throw new ExitWith(exitCodeOf(ending.error.kind));
}

/** A value that cannot be used is for rank 0 to report. */
function patienceOfRank0(): number {
  try {
    return rankPatienceMs();
  } catch {
    throw new ExitWith(exitCodes.ok.code);
  }
}

function meetingOf(
  launch: Launch,
  signal: AbortSignal,
): {
  readonly launch: Launch;
  readonly store: string;
  readonly command: readonly string[];
  readonly signal: AbortSignal;
} {
  return { launch, store: statePaths().store, command: process.argv.slice(2), signal };
}
