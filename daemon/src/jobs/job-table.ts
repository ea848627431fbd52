import { type Job, type JobId, LocScaleError } from '@chimerax-like/rpc';
import { toWireError } from '../engine/wire-error.js';
import { type JobEntry, newEntry } from './job-entry.js';
import type { JobEvent } from './job-events.js';
import { assertSuccessor, hasEnded } from './job-states.js';
import type { Journal } from './journal.js';
import type { Log } from './log.js';

/** All jobs, and the one door through which they change: first the journal, then memory, then the clients. */
export class JobTable {
  readonly #entries = new Map<JobId, JobEntry>();
  readonly #journal: Journal;
  readonly #publish: (event: JobEvent) => void;
  readonly #log: Log;

  constructor(journal: Journal, publish: (event: JobEvent) => void, log: Log) {
    this.#journal = journal;
    this.#publish = publish;
    this.#log = log;
  }

  get(id: JobId): JobEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined)
      throw new LocScaleError('job.unknown', `No job has the id ${id}; job.list names those that are known.`);
    return entry;
  }

  all(): JobEntry[] {
    return [...this.#entries.values()];
  }

  count(state: (job: Readonly<Job>) => boolean): number {
    return this.all().filter(({ job }) => state(job)).length;
  }

  /** Records a new job; when its record cannot be written the job does not exist. */
  async accept(entry: JobEntry): Promise<void> {
    const { job, request } = entry;
    const record = { seq: 1, at: job.submittedAt, state: job.state, payload: { job, request } };
    try {
      await this.#journal.append(job.id, record, false);
    } catch (cause) {
      await this.#journal.forget(job.id).catch(() => undefined);
      throw new LocScaleError(
        'output.disk-full',
        `The job was not accepted because its journal cannot be written (${String(cause)}); free some space in the state folder.`,
        {},
        { cause },
      );
    }
    entry.events.push(record);
    this.#entries.set(job.id, entry);
    this.#publish({ kind: 'changed', sequence: 1, job });
  }

  /** Moves a job to another state. A journal that cannot be written does not hold back the truth in memory. */
  async change(entry: JobEntry, change: Partial<Job> & Pick<Job, 'state'>): Promise<void> {
    assertSuccessor(entry.job.state, change.state);
    const at = new Date().toISOString();
    const ended = hasEnded(change.state);
    entry.clock?.stop();
    const latest = entry.clock?.latest ?? entry.job.progress;
    const progress = latest && change.state === 'done' ? { ...latest, fraction: 1, remainingSeconds: 0 } : latest;
    const times = ended ? { endedAt: at } : { startedAt: at };
    const job = { ...entry.job, progress, ...times, ...change };
    const record = { seq: entry.events.length + 1, at, state: job.state, payload: { job } };
    await this.#journal.append(job.id, record, ended).catch((error: unknown) => {
      this.#log('error', 'journal.failed', { job: job.id, error: String(error) });
    });
    entry.job = job;
    entry.events.push(record);
    this.#log('info', `job.${job.state}`, { job: job.id, error: job.error?.message });
    if (ended) entry.releases.splice(0).forEach((release) => release());
    this.#publish({ kind: 'changed', sequence: record.seq, job });
    if (ended) entry.settle(job);
  }

  /**
   * Brings back the jobs of earlier runs: those that were running become `interrupted`; returns those that were queued,
   * which are still to be done.
   */
  async replay(): Promise<readonly JobEntry[]> {
    const queued: JobEntry[] = [];
    for (const records of (await this.#journal.replay()).values()) {
      const request = records[0]?.payload.request;
      const job = records.at(-1)?.payload.job;
      if (request === undefined || job === undefined) continue;
      const entry = newEntry(job, request, 0);
      entry.events.push(...records);
      this.#entries.set(job.id, entry);
      if (job.state === 'queued') queued.push(entry);
      if (job.state === 'running')
        await this.change(entry, { state: 'interrupted', error: toWireError(interrupted()) });
      if (hasEnded(entry.job.state)) entry.settle(entry.job);
    }
    return queued;
  }
}

function interrupted(): LocScaleError {
  return new LocScaleError('engine.crashed', 'The daemon ended while the job ran; submit the job again.');
}
