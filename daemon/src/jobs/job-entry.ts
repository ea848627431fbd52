import { type Job, type JobId, type VolumeId } from '@chimerax-like/rpc';
import type { JobRequest, JournalRecord } from './journal-record.js';
import type { ProgressClock } from './progress-clock.js';

/** One job in the memory of the daemon: its description, what was asked for, and its recorded history. */
export interface JobEntry {
  job: Readonly<Job>;
  readonly request: JobRequest;
  readonly events: JournalRecord[];
  /** Bytes that the memory gate reserves while it runs. */
  peakBytes: number;
  /** Aborted by a cancel. */
  readonly controller: AbortController;
  clock: ProgressClock | null;
  /** Gives the input volumes back; called once the job has ended. */
  readonly releases: (() => void)[];
  /** Resolves with the job as it ended. */
  readonly ended: Promise<Readonly<Job>>;
  readonly settle: (job: Readonly<Job>) => void;
}

export function newEntry(job: Readonly<Job>, request: JobRequest, peakBytes: number): JobEntry {
  let settle: (job: Readonly<Job>) => void = () => undefined;
  const ended = new Promise<Readonly<Job>>((resolve) => (settle = resolve));
  return {
    job,
    request,
    events: [],
    peakBytes,
    controller: new AbortController(),
    clock: null,
    releases: [],
    ended,
    settle,
  };
}

export function newJob(id: JobId, recipe: string, warnings: Job['warnings']): Job {
  return {
    id,
    recipe,
    state: 'queued',
    submittedAt: new Date().toISOString(),
    startedAt: null,
    endedAt: null,
    progress: null,
    outputs: {},
    models: {},
    files: [],
    network: null,
    timings: {},
    warnings,
    error: null,
  };
}

/** An output volume while its job runs. */
export interface GrowingOutput {
  readonly volume: VolumeId;
  readonly path: string;
  readonly release: () => void;
}
