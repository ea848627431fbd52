import { appendFileSync, renameSync, statSync } from 'node:fs';

export type LogLevel = 'info' | 'warn' | 'error';

/** Writes events as JSON lines: `log('info', 'job.started', { job })`. Headers, URLs and tokens never go in. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Size at which a log becomes `NAME.1`; one old file is kept, so a log takes at most twice this. */
export const logCapBytes = 8 * 1024 * 1024;

/**
 * A log that never fails its caller: on a full disk lines are lost, not jobs. Appends are synchronous, so that the last
 * line before a crash is there; lines are few (state changes, connections), so the event loop does not feel them.
 */
export function fileLog(path: string, secrets: ReadonlySet<string>, cap = logCapBytes): Log {
  let size = sizeOf(path);
  return (level, event, fields = {}) => {
    let line = `${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`;
    for (const secret of secrets) line = line.replaceAll(secret, '[token]');
    try {
      if (size + line.length > cap) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch {
      size = sizeOf(path);
    }
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
