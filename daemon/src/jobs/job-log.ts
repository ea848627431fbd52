import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobId } from '@chimerax-like/rpc';

/** Most that one job may write into its log. */
const capBytes = 1024 * 1024;

/** Where the engine's output of a job goes: `job-….log` in the log folder; nothing is made while nothing is said. */
export function outputCollector(folder: string, job: JobId): (text: string) => void {
  const path = join(folder, `${job}.log`);
  let written = 0;
  let last = Promise.resolve();
  return (text) => {
    if (written > capBytes) return;
    written += text.length;
    const line = written > capBytes ? '… (the log is full)\n' : text;
    // A log that cannot be written is no reason to fail a job.
    last = last.then(() => appendFile(path, line, { mode: 0o600 })).catch(() => undefined);
  };
}
