import type { Job, ParamsInput } from '@chimerax-like/rpc';
import type { DaemonLink } from './daemon-link.js';
import { type ReadonlySignal, Signal, when } from './signal.js';

export type JobRequest = Omit<ParamsInput<'job.submit'>, 'requestKey'>;

export const isActive = ({ state }: Job): boolean => state === 'queued' || state === 'running';

/** How far a job has come; it never goes back. */
const rank = (job: Job): number => (job.state === 'queued' ? 0 : isActive(job) ? 1 : 2);

/** The daemon's jobs, newest first, as they stand: whoever submitted them, before and after the connection broke. */
export class JobList {
  readonly #link: DaemonLink;
  readonly #jobs = new Signal<readonly Job[]>([]);
  readonly #stops: (() => void)[];

  constructor(link: DaemonLink) {
    this.#link = link;
    this.#stops = [
      link.state.subscribe(() => void this.#refresh()),
      link.on('job.changed', ({ job }) => this.#take(job)),
      link.on('job.progress', ({ job: id, progress }) => {
        const job = this.get(id);
        if (job !== undefined) this.#take({ ...job, progress });
      }),
    ];
    void this.#refresh();
  }

  get jobs(): ReadonlySignal<readonly Job[]> {
    return this.#jobs;
  }

  get(id: string): Job | undefined {
    return this.#jobs.value.find((job) => job.id === id);
  }

  /** Submits a job. An answer that is lost with the connection is asked for again: the key makes the two one job. */
  async submit(request: JobRequest): Promise<Job> {
    const keyed = { ...request, requestKey: crypto.randomUUID() };
    try {
      return this.#take(await this.#link.call('job.submit', keyed));
    } catch (error) {
      if (!(error instanceof Error && 'kind' in error && error.kind === 'connection.closed')) throw error;
      await when(this.#link.state, ({ kind }) => kind === 'online');
      return this.#take(await this.#link.call('job.submit', keyed));
    }
  }

  async cancel(id: string): Promise<void> {
    this.#take(await this.#link.call('job.cancel', { job: id }));
  }

  /** Resolves with the job once it has ended, however it did. */
  async ended(id: string): Promise<Job> {
    const jobs = await when(this.#jobs, (all) => all.some((job) => job.id === id && !isActive(job)));
    return jobs.find((job) => job.id === id) as Job;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  async #refresh(): Promise<void> {
    if (this.#link.state.value.kind !== 'online') return;
    // Fails only when the connection breaks again, which brings us back here.
    const jobs = await this.#link.call('job.list', { limit: 50 }).catch(() => undefined);
    if (jobs !== undefined) this.#jobs.value = jobs;
  }

  #take(job: Job): Job {
    const known = this.get(job.id);
    // The answer to a call may come after the notification of what it led to.
    if (known !== undefined && rank(known) > rank(job)) return known;
    this.#jobs.value = known
      ? this.#jobs.value.map((each) => (each.id === job.id ? job : each))
      : [job, ...this.#jobs.value];
    return job;
  }
}
