import { setTimeout as sleep } from 'node:timers/promises';
import { errorSchema, LocScaleError } from '@chimerax-like/rpc';
import { z } from 'zod';
import { fromWireError, toWireError } from '../engine/wire-error.js';
import { hasEnded, type Identity } from './identity.js';
import type { RunFolder } from './run-folder.js';

/** So often a rank says that it lives, and looks after the others. */
const beatMs = 2_000;

const failureSchema = z.object({ rank: z.int(), error: errorSchema });

/** Why a run ends before its time. */
export interface Failure {
  /** Who failed, as far as is known. */
  readonly rank: number;
  readonly error: LocScaleError;
}

export interface WatchOptions {
  readonly folder: RunFolder;
  /** This process. */
  readonly rank: number;
  readonly ranks: readonly Identity[];
  /** Whom it waits for: rank 0 for all others, the others for rank 0. */
  readonly peers: readonly number[];
  /** After so long without a sign of life a rank counts as lost. */
  readonly silenceMs: number;
  /** Cancelled by the user, or by the launcher. */
  readonly signal: AbortSignal;
}

interface Pulse {
  readonly text: string;
  readonly since: number;
}

/**
 * Looks into the folder of a run at regular times: for what the other ranks say, for their signs of life, and for a failure, which
 * ends the run for all. Only intervals of the own clock count, never times of files: clocks of hosts and of file servers differ.
 */
export class Watch {
  /** Aborted when the run ends early, for whatever reason. */
  readonly signal: AbortSignal;
  /** Rejects at the same moment with the reason. */
  readonly failed: Promise<never>;
  readonly #options: WatchOptions;
  readonly #ending = new AbortController();
  readonly #stopping = new AbortController();
  readonly #pulses = new Map<number, Pulse>();
  readonly #pollMs: number;
  readonly #onAbort = (): void => void this.#cancelled();
  #reject: (error: LocScaleError) => void = () => undefined;
  #waiting: ((names: ReadonlySet<string>) => void)[] = [];
  #failure: Failure | null = null;
  #beats = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.signal = this.#ending.signal;
    this.failed = new Promise<never>((_, reject) => (this.#reject = reject));
    this.failed.catch(() => undefined);
    this.#pollMs = pollMs(options.ranks.length);
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (options.signal.aborted) this.#onAbort();
    void this.#loop();
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** What lies in the folder at the next look. */
  next(): Promise<ReadonlySet<string>> {
    return Promise.race([new Promise<ReadonlySet<string>>((resolve) => this.#waiting.push(resolve)), this.failed]);
  }

  /** Tells all ranks of a failure; true for the first to tell one. */
  tell({ rank, error }: Failure): Promise<boolean> {
    return this.#options.folder.create('failed', { rank, error: toWireError(error) }).catch(() => false);
  }

  stop(): void {
    this.#stopping.abort();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }

  async #loop(): Promise<void> {
    const stopped = this.#stopping.signal;
    let beatAt = -Infinity;
    let lookedAt = performance.now();
    let troubleSince: number | null = null;
    while (!stopped.aborted && this.#failure === null) {
      const now = performance.now();
      // We ourselves were stopped (a suspended job): nobody was silent for longer than we were deaf.
      if (now - lookedAt > this.#pollMs + 2 * beatMs) this.#pulses.clear();
      lookedAt = now;
      try {
        const names = await this.#options.folder.names();
        if (names.has('failed')) this.#fail(await this.#toldOf());
        if (now - beatAt >= beatMs) {
          beatAt = now;
          await this.#options.folder.replace(`beat-${this.#options.rank}`, this.#beats++);
          this.#fail(await this.#lost());
        }
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const tell of waiting) tell(names);
        troubleSince = null;
      } catch (error) {
        // File servers stumble; a folder that is gone does not come back.
        troubleSince ??= now;
        const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (isGone || now - troubleSince > this.#options.silenceMs)
          this.#fail({ rank: this.#options.rank, error: asError(error, this.#options.folder.path) });
      }
      await sleep(this.#pollMs, undefined, { signal: stopped }).catch(() => undefined);
    }
  }

  #fail(failure: Failure | null): void {
    if (failure === null || this.#failure !== null || this.#stopping.signal.aborted) return;
    this.#failure = failure;
    this.#reject(failure.error);
    this.#ending.abort();
  }

  /** A launcher ends all ranks when one of them dies: then that one is the reason, not the order to end. */
  async #cancelled(): Promise<void> {
    const cancelled = new LocScaleError('job.cancelled', 'The job was cancelled; nothing was written.');
    const found = (await this.#toldOf().catch(() => null)) ?? (await this.#dead().catch(() => null));
    const isReason = found !== null && found.error.kind !== 'job.cancelled';
    this.#fail(isReason ? found : { rank: this.#options.rank, error: cancelled });
  }

  /** The failure that a rank has told of. One that was only told to end may have been so because another one died. */
  async #toldOf(): Promise<Failure | null> {
    const told = await this.#options.folder.read('failed', failureSchema);
    if (told === null) return null;
    const failure = { rank: told.rank, error: fromWireError(told.error) };
    return failure.error.kind === 'job.cancelled' ? ((await this.#dead()) ?? failure) : failure;
  }

  async #lost(): Promise<Failure | null> {
    return (await this.#dead()) ?? (await this.#silent());
  }

  /** A peer on this host whose process is no more, though it has not said goodbye. */
  async #dead(): Promise<Failure | null> {
    for (const rank of this.#options.peers) {
      const identity = this.#options.ranks[rank];
      if (identity === undefined || !(await hasEnded(identity))) continue;
      const names = await this.#options.folder.names();
      if (names.has(`left-${rank}`) || names.has('end')) continue;
      const words = `Rank ${rank} (process ${identity.pid} on ${identity.host}) ended without a word, killed or crashed`;
      return {
        rank,
        error: new LocScaleError(
          'engine.crashed',
          `${words}; nothing was written: look for the reason (memory?) and run the command again.`,
        ),
      };
    }
    return null;
  }

  /** A peer that has given no sign of life for too long. */
  async #silent(): Promise<Failure | null> {
    const { folder, peers, ranks, silenceMs } = this.#options;
    for (const rank of peers) {
      const text = String(await folder.read(`beat-${rank}`, z.number()));
      const known = this.#pulses.get(rank);
      if (known?.text !== text) this.#pulses.set(rank, { text, since: performance.now() });
      else if (performance.now() - known.since > silenceMs) {
        const host = ranks[rank]?.host ?? 'an unknown host';
        const words = `Rank ${rank} on ${host} has given no sign of life for ${Math.round(silenceMs / 1000)} s`;
        return {
          rank,
          error: new LocScaleError(
            'engine.crashed',
            `${words}; nothing was written: look whether host and shared folder work and run the command again.`,
          ),
        };
      }
    }
    return null;
  }
}

/** Between two looks: quick answers among few, little load on the file server among many. */
export const pollMs = (size: number): number => Math.min(1_000, 90 + 10 * size);

function asError(error: unknown, path: string): LocScaleError {
  if (error instanceof LocScaleError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LocScaleError(
    'connection.closed',
    `The folder of the run, ${path}, is gone or cannot be read (${reason}); run the command again.`,
  );
}
