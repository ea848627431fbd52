import { setTimeout as sleep } from 'node:timers/promises';
import type { LocScaleError } from '@chimerax-like/rpc';
import type { ScaleWindows } from '../engine/index.js';
import { fromWireError, toWireError } from '../engine/wire-error.js';
import { callTogether, type Met, type MeetingOptions } from './meeting.js';
import { sharedScaling } from './shared-scaling.js';
import { pollMs, Watch } from './watch.js';

/** What rank 0 has for its work. */
export interface Crew {
  /** Aborted when the user cancels or a rank fails. */
  readonly signal: AbortSignal;
  readonly scaleWindows: ScaleWindows;
  readonly threads: readonly number[];
  readonly hosts: number;
}

/** A launcher that ends a run kills within a second of asking; what is to be said must be said before. */
const lastWordsMs = 200;
/** The others have that long to leave before the folder is removed. */
const leavingMs = 5_000;

/**
 * Rank 0: meets the others, does the work with their help, and lets them go when it is done. Any failure, of whichever rank, comes
 * out of here as one error, and ends them all.
 */
export async function leadRun<T>(options: MeetingOptions, work: (crew: Crew) => Promise<T>): Promise<T> {
  const met = await callTogether(options);
  const { folder, ranks, threads } = met;
  const { size } = options.launch;
  const peers = Array.from({ length: size - 1 }, (_, i) => i + 1);
  const silenceMs = options.patienceMs;
  const watch = new Watch({ folder, rank: 0, ranks, peers, silenceMs, signal: options.signal });
  const scaleWindows = sharedScaling({ folder, watch, size, threads: threads[0] ?? 1 });
  const hosts = new Set(ranks.map(({ host }) => host)).size;
  const working = work({ signal: watch.signal, scaleWindows, threads, hosts });
  try {
    const result = await Promise.race([working, watch.failed]);
    watch.stop();
    await folder.create('end');
    await dissolve(met, peers, leavingMs);
    return result;
  } catch (thrown) {
    const { failure } = watch;
    watch.stop();
    const error = failure?.error ?? visible(thrown);
    await watch.tell({ rank: 0, error });
    await folder.create('seen').catch(() => false);
    if (failure === null) await dissolve(met, peers, leavingMs);
    else {
      await Promise.race([working.catch(() => undefined), sleep(lastWordsMs)]);
      process.once('exit', () => folder.removeWithMeeting());
    }
    throw error;
  }
}

const visible = (thrown: unknown): LocScaleError => fromWireError(toWireError(thrown));

/** Waits until the others have left, and removes the folder: one who comes too late would look for it in vain. */
async function dissolve({ folder }: Met, peers: readonly number[], waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const names = await folder.names().catch(() => new Set<string>());
    if (peers.every((rank) => names.has(`left-${rank}`))) break;
    // What is left goes with the next run.
    if (performance.now() > deadline) return;
    await sleep(pollMs(peers.length));
  }
  folder.removeWithMeeting();
}
