import { randomBytes } from 'node:crypto';
import { type Job, type JobId, LocScaleError } from '@chimerax-like/rpc';
import { checkOutputPath } from '../engine/output-path.js';
import { engineRecipe } from '../engine/recipes/index.js';
import type { Preparation } from '../engine/recipes/recipe.js';
import { toWireError } from '../engine/wire-error.js';
import { type JobEntry, newEntry, newJob } from './job-entry.js';
import { removeTemporaries, runJob, type RunnerParts } from './job-runner.js';
import { assertCancellable, hasEnded } from './job-states.js';
import type { JournalRecord, JobRequest } from './journal-record.js';
import type { MemoryGate } from './memory-gate.js';
import { type ClientRequest, headersOf, requestHash, resolveRequest } from './request.js';

/** Jobs that may wait at a time. */
const longestQueue = 256;

interface Known {
  readonly hash: string;
  readonly id: Promise<JobId>;
}

/** Jobs as clients see them: submit, look, cancel. One job runs at a time (its threads fill the machine), in order of arrival. */
export class JobService {
  readonly #parts: RunnerParts;
  readonly #gate: MemoryGate;
  readonly #keys = new Map<string, Known>();
  readonly #queue: { readonly entry: JobEntry; readonly grid: Preparation['grid'] }[] = [];
  #running: Promise<void> | null = null;
  #stopping = false;

  constructor(parts: RunnerParts, gate: MemoryGate) {
    this.#parts = parts;
    this.#gate = gate;
  }

  /** Brings back the jobs of earlier runs and goes on with those that were queued; `pids` are engines of the daemon before. */
  async resume(pids: readonly number[]): Promise<void> {
    const queued = await this.#parts.table.replay();
    for (const { job, request } of this.#parts.table.all()) {
      if (request.requestKey !== null)
        this.#keys.set(request.requestKey, { hash: request.requestHash, id: Promise.resolve(job.id) });
      if (job.state === 'interrupted' && request.outputPath !== null)
        for (const pid of pids) await removeTemporaries(request.outputPath, pid);
    }
    for (const entry of queued) await this.#requeue(entry);
    this.#pump();
  }

  async estimate(request: ClientRequest): Promise<Preparation & { readonly budgetBytes: number }> {
    const { registry, models } = this.#parts;
    const { preparation } = await resolveRequest(request, registry, models);
    return { ...preparation, budgetBytes: this.#gate.budget };
  }

  async submit(request: ClientRequest): Promise<Readonly<Job>> {
    if (this.#stopping)
      throw new LocScaleError('daemon.stopping', 'The daemon is shutting down; start it again and submit then.');
    const { requestKey } = request;
    if (requestKey === undefined) return this.get(await this.#accept(request, null));
    const hash = requestHash(request);
    const known = this.#keys.get(requestKey);
    if (known !== undefined && known.hash !== hash)
      throw new LocScaleError(
        'job.conflict',
        `The request key ${JSON.stringify(requestKey)} belongs to another request; use a new key.`,
      );
    if (known !== undefined) return this.get(await known.id);
    const id = this.#accept(request, requestKey);
    this.#keys.set(requestKey, { hash, id });
    // A refused request leaves its key free.
    id.catch(() => this.#keys.delete(requestKey));
    return this.get(await id);
  }

  get(id: JobId): Readonly<Job> {
    const { job, clock } = this.#parts.table.get(id);
    return hasEnded(job.state) || clock === null ? job : { ...job, progress: clock.latest };
  }

  /** Newest first. */
  list(limit: number): Readonly<Job>[] {
    return this.#parts.table
      .all()
      .reverse()
      .slice(0, limit)
      .map(({ job }) => this.get(job.id));
  }

  events(id: JobId, since: number): readonly JournalRecord[] {
    return this.#parts.table.get(id).events.filter(({ seq }) => seq > since);
  }

  /** Cancels and waits for the end, which comes within a second. A job that was just finishing may end as `done`. */
  async cancel(id: JobId): Promise<Readonly<Job>> {
    const entry = this.#parts.table.get(id);
    assertCancellable(entry.job);
    entry.controller.abort();
    const place = this.#queue.findIndex((waiting) => waiting.entry === entry);
    if (place >= 0) {
      this.#queue.splice(place, 1);
      await this.#parts.table.change(entry, { state: 'cancelled' });
    }
    return entry.ended;
  }

  /** What was asked for. */
  requestOf(id: JobId): JobRequest {
    return this.#parts.table.get(id).request;
  }

  /** The files that a job reads, by the names of its inputs. */
  inputsOf(id: JobId): Readonly<Record<string, readonly string[]>> {
    const request = this.requestOf(id);
    return Object.fromEntries(
      Object.entries(request.inputs).map(([name, sources]) => [name, [sources].flat().map(({ path }) => path)]),
    );
  }

  /** Paths that jobs which have not ended still have to read. */
  inputsInUse(): string[] {
    return this.#parts.table
      .all()
      .filter(({ job }) => !hasEnded(job.state))
      .flatMap(({ request }) => inputPaths(request));
  }

  counts(): { queued: number; running: number; ended: number } {
    const { table } = this.#parts;
    return {
      queued: table.count(({ state }) => state === 'queued'),
      running: table.count(({ state }) => state === 'running'),
      ended: table.count(({ state }) => hasEnded(state)),
    };
  }

  /** Accepts nothing more, gives the running job until the deadline, then cancels it. Queued jobs stay in the journal for the next start. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    this.#queue.length = 0;
    const running = this.#parts.table.all().filter(({ job }) => job.state === 'running');
    const timer = setTimeout(() => running.forEach(({ controller }) => controller.abort()), deadlineMs);
    await this.#running;
    clearTimeout(timer);
  }

  async #accept(request: ClientRequest, requestKey: string | null): Promise<JobId> {
    const { registry, models, engine, table } = this.#parts;
    const resolved = await resolveRequest(request, registry, models);
    const { peakBytes, warnings, grid } = resolved.preparation;
    this.#gate.assertFits(peakBytes);
    if (this.#queue.length >= longestQueue)
      throw new LocScaleError(
        'limit.busy',
        `${longestQueue} jobs are waiting, the most that can; wait for some to end.`,
      );
    const outputPath = request.output?.path ?? null;
    const jobRequest: JobRequest = {
      recipe: request.recipe,
      inputs: resolved.inputs,
      parameters: resolved.parameters,
      outputPath,
      requestKey,
      requestHash: requestHash(request),
    };
    const releases = [
      ...resolved.volumes.map((volume) => registry.use(volume)),
      ...resolved.models.map((model) => models.use(model)),
    ];
    try {
      if (outputPath !== null) await checkOutputPath(outputPath, [...inputPaths(jobRequest), ...this.inputsInUse()]);
      const { reason } = await engine.info();
      if (reason !== null) throw new LocScaleError('engine.missing', reason);
      const job = newJob(`job-${randomBytes(8).toString('hex')}`, request.recipe, [...warnings]);
      const entry = newEntry(job, jobRequest, peakBytes);
      entry.releases.push(...releases);
      await table.accept(entry);
      this.#queue.push({ entry, grid });
      this.#pump();
      return job.id;
    } catch (error) {
      releases.forEach((release) => release());
      throw error;
    }
  }

  /** A job that was queued when the daemon ended: prepared again from the headers of its files. */
  async #requeue(entry: JobEntry): Promise<void> {
    const { table, registry, models } = this.#parts;
    try {
      const { grids, facts } = await headersOf(entry.request.inputs);
      const { grid, peakBytes } = engineRecipe(entry.request.recipe).prepare(grids, entry.request.parameters, facts);
      this.#gate.assertFits(peakBytes);
      entry.releases.push(
        ...inputPaths(entry.request).flatMap((path) => [registry.usePath(path), models.usePath(path)]),
      );
      entry.peakBytes = peakBytes;
      this.#queue.push({ entry, grid });
    } catch (error) {
      await table.change(entry, { state: 'failed', error: toWireError(error) });
    }
  }

  #pump(): void {
    if (this.#running !== null) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#running = this.#run(next.entry, next.grid).finally(() => {
      this.#running = null;
      this.#pump();
    });
  }

  async #run(entry: JobEntry, grid: Preparation['grid']): Promise<void> {
    const leave = await this.#gate.enter(entry.peakBytes, entry.controller.signal).catch(() => null);
    if (leave === null) return this.#parts.table.change(entry, { state: 'cancelled' });
    try {
      await runJob(entry, grid, this.#parts);
    } finally {
      leave();
    }
  }
}

function inputPaths(request: JobRequest): string[] {
  return Object.values(request.inputs)
    .flat()
    .map(({ path }) => path);
}
