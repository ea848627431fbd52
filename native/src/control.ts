import { availableParallelism } from 'node:os';
import { NativeError, toNativeError } from './errors.js';

/** What every kernel call takes besides its arrays. */
export interface CallOptions {
  /** Aborting rejects the promise with the kind `job.cancelled` once the kernel has stopped, within a fraction of a second. */
  readonly signal?: AbortSignal | undefined;
  /** Threads to compute with; default: every processor this process may use. */
  readonly threads?: number | undefined;
  /** Called with the share done (0 … 1) about every 20 ms while the kernel runs, and with 1 at its end. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** The block of 32-bit words that a running kernel shares with JavaScript; `native/kernels/control.h` is its twin. */
export type ControlBlock = Int32Array<ArrayBuffer>;

export const controlWord = { cancel: 0, done: 1, total: 2, firstSlab: 3 } as const;

/** Short, because a finished slab is what somebody waits for; a look costs microseconds. */
const pollMilliseconds = 20;

/** Processors this process may use: the affinity mask, as `taskset`, Slurm and containers with cpusets set it. */
export function availableThreads(): number {
  return availableParallelism();
}

export interface ControlledCall {
  /** Number of slab words behind cancel, done and total. */
  readonly slabs?: number;
  /** Called at every poll, and once more when the kernel has finished, with the block. */
  readonly onPoll?: (control: ControlBlock) => void;
}

/**
 * Runs one kernel call under a control block: passes the abort signal on, polls the progress, and turns the addon's
 * rejection into a NativeError. `start` gets the block and the number of threads.
 */
export async function controlled<T>(
  options: CallOptions,
  start: (control: ControlBlock, threads: number) => Promise<T>,
  call: ControlledCall = {},
): Promise<T> {
  const { signal, onProgress } = options;
  const threads = checkedThreads(options.threads ?? availableThreads());
  if (signal?.aborted) throw new NativeError('job.cancelled', 'The calculation was cancelled before it began.');

  const control: ControlBlock = new Int32Array(controlWord.firstSlab + (call.slabs ?? 0));
  const cancel = (): void => {
    Atomics.store(control, controlWord.cancel, 1);
  };
  let pollFailure: Error | undefined;
  const poll = (): void => {
    try {
      const total = Atomics.load(control, controlWord.total);
      if (total > 0) onProgress?.(Math.min(Atomics.load(control, controlWord.done) / total, 1));
      call.onPoll?.(control);
    } catch (error) {
      // A listener that throws must not end the process from inside a timer: stop the kernel and reject with it.
      pollFailure ??= error instanceof Error ? error : new Error(String(error));
      cancel();
    }
  };
  const watched = onProgress !== undefined || call.onPoll !== undefined;
  const timer = watched ? setInterval(poll, pollMilliseconds) : undefined;
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const result = await start(control, threads).catch((error: unknown) => {
      throw pollFailure ?? toNativeError(error);
    });
    if (pollFailure !== undefined) throw pollFailure;
    call.onPoll?.(control);
    onProgress?.(1);
    return result;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

function checkedThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw new NativeError(
    'input.parameter',
    `The number of threads is ${threads}; expected a whole number from 1 to 1024.`,
  );
}
