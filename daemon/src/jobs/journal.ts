import { type FileHandle, open, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobId } from '@chimerax-like/rpc';
import { decodeRecord, encodeRecord, type JournalRecord } from './journal-record.js';

/** Ended jobs beyond this number are forgotten at the next start, oldest first. */
const keptJobs = 1000;

/**
 * One append-only file of JSON lines per job. A state change is on the disk (`fdatasync`) before anybody is told of it;
 * progress is not written at all.
 */
export class Journal {
  readonly #folder: string;
  readonly #files = new Map<JobId, Promise<FileHandle>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async append(job: JobId, record: JournalRecord, last: boolean): Promise<void> {
    let file = this.#files.get(job);
    if (file === undefined) {
      file = open(this.#path(job), 'a', 0o600);
      this.#files.set(job, file);
    }
    try {
      const handle = await file;
      await handle.write(encodeRecord(record));
      await handle.datasync();
    } finally {
      if (last) await this.#close(job);
    }
  }

  /** Takes back a job whose first record could not be completed. */
  async forget(job: JobId): Promise<void> {
    await this.#close(job);
    await rm(this.#path(job), { force: true });
  }

  /** All jobs as they were last recorded, oldest first; a torn or damaged tail is cut off the file. */
  async replay(): Promise<ReadonlyMap<JobId, readonly JournalRecord[]>> {
    const names = (await readdir(this.#folder)).filter((name) => /^job-[0-9a-f]{16}\.ndjson$/.test(name));
    const jobs: [JobId, readonly JournalRecord[]][] = [];
    for (const name of names) {
      const path = join(this.#folder, name);
      const records = await readRecords(path);
      if (records.length > 0) jobs.push([name.replace('.ndjson', ''), records]);
      else await rm(path);
    }
    jobs.sort(([, a], [, b]) => (a[0]?.at ?? '').localeCompare(b[0]?.at ?? ''));
    for (const [id] of jobs.splice(0, Math.max(0, jobs.length - keptJobs))) await rm(this.#path(id));
    return new Map(jobs);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.keys()].map((job) => this.#close(job)));
  }

  async #close(job: JobId): Promise<void> {
    const file = this.#files.get(job);
    this.#files.delete(job);
    await file?.then(
      (handle) => handle.close(),
      () => undefined,
    );
  }

  #path(job: JobId): string {
    return join(this.#folder, `${job}.ndjson`);
  }
}

async function readRecords(path: string): Promise<JournalRecord[]> {
  const text = await readFile(path, 'utf8');
  const records: JournalRecord[] = [];
  let end = 0;
  for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', end)) {
    const record = decodeRecord(text.slice(end, newline));
    if (record?.seq !== records.length + 1) break;
    records.push(record);
    end = newline + 1;
  }
  if (end < text.length) await truncate(path, Buffer.byteLength(text.slice(0, end)));
  return records;
}
