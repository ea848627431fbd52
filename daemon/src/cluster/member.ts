import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { fromWireError, toWireError } from '../engine/wire-error.js';
import { joinRun, type MeetingOptions, type Met } from './meeting.js';
import { helpWith, overName, taskName } from './shared-scaling.js';
import { type Failure, Watch } from './watch.js';

/** How a run ended for a rank other than 0. */
export type Ending =
  | { readonly kind: 'done' }
  /** `mine`: nobody else will tell the user. */
  | { readonly kind: 'failed'; readonly error: LocScaleError; readonly mine: boolean };

/** Rank 0 has that long to take note of a failure, and then to print it: a launcher ends all ranks with the first that fails. */
const notedMs = 10_000;
const printedMs = 1_500;

/** Ranks other than 0: scale what rank 0 hands out, until it says that all is done. */
export async function helpRun(options: MeetingOptions): Promise<Ending> {
  const met = await joinRun(options);
  const { folder, ranks, threads } = met;
  const { rank, size } = options.launch;
  const silenceMs = options.patienceMs;
  const watch = new Watch({ folder, rank, ranks, peers: [0], silenceMs, signal: options.signal });
  try {
    for (let task = 1; ;) {
      const names = await watch.next();
      if (names.has('end')) return { kind: 'done' };
      if (!names.has(taskName(task))) continue;
      if (!names.has(overName(task))) await helpWith(task, { folder, watch, size, threads: threads[rank] ?? 1 });
      task++;
    }
  } catch (thrown) {
    return await failed(met, watch, rank, thrown);
  } finally {
    watch.stop();
    await folder.create(`left-${rank}`).catch(() => false);
  }
}

async function failed({ folder }: Met, watch: Watch, rank: number, thrown: unknown): Promise<Ending> {
  // Rank 0 has all that it needs; what goes wrong here now is no concern of the user's.
  if ((await folder.names().catch(() => null))?.has('end') === true) return { kind: 'done' };
  const own: Failure = { rank, error: named(rank, thrown) };
  const failure = watch.failure ?? own;
  const first = failure.rank === rank || failure.rank === 0 ? await watch.tell(failure) : false;
  // Rank 0 is gone: the first to notice speaks for it.
  if (failure.rank === 0) {
    const alive = (await folder.names().catch(() => new Set<string>())).has('seen');
    return { kind: 'failed', error: failure.error, mine: first && !alive };
  }
  if (failure.error.kind !== 'job.cancelled') {
    const deadline = performance.now() + notedMs;
    while (performance.now() < deadline) {
      const names = await folder.names().catch(() => null);
      if (names === null || names.has('seen')) break;
      await sleep(100);
    }
    await folder.create(`left-${rank}`).catch(() => false);
    await sleep(printedMs);
  }
  return { kind: 'failed', error: failure.error, mine: false };
}

/** The sentence with its place; users see only rank 0's terminal. */
function named(rank: number, thrown: unknown): LocScaleError {
  const { kind, message, details } = fromWireError(toWireError(thrown));
  return new LocScaleError(kind, `Rank ${rank} on ${hostname()}: ${message}`, details);
}
