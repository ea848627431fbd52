import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LocScaleError } from '@chimerax-like/rpc';
import { prepareFolders, statePaths } from '../../state.js';
import { exitCodeOf } from '../exit-codes.js';
import { logTail } from './log-tail.js';

/** How long a daemon may take from its start to its first answer. */
const startDeadlineMs = 30_000;
const pollMs = 50;
/** Pause before another try while a daemon that is stopping still holds the lock. */
const lockedPauseMs = 300;

/** The committed launcher, also when this file runs from `dist`. */
const launcher = fileURLToPath(new URL('../../../bin/locscale.js', import.meta.url));

/** A daemon being started; `ended` is null while its process runs. */
interface Starting {
  ended: { readonly code: number | null; readonly how: string } | null;
}

/**
 * Starts a daemon that outlives this process and waits until `probe` finds it. When two start at once, the lock ends one
 * of them and its starter finds the other one; when an old daemon is just stopping, the start is tried again.
 */
export async function spawnDaemon<T>(probe: () => Promise<T | null>, options: readonly string[] = []): Promise<T> {
  const paths = statePaths();
  await prepareFolders(paths);
  const startLog = join(paths.logs, 'daemon-start.log');
  const deadline = performance.now() + startDeadlineMs;
  let starting = await start(startLog, options);
  while (performance.now() < deadline) {
    await sleep(pollMs);
    const { ended } = starting; // read before probing: what ended has announced itself by then, or never will
    const found = await probe();
    if (found !== null) return found;
    if (ended === null) continue;
    if (ended.code !== exitCodeOf('limit.busy')) break;
    await sleep(lockedPauseMs);
    starting = await start(startLog, options);
  }
  const tail = await logTail(startLog, 5);
  throw new LocScaleError(
    'connection.refused',
    `The daemon did not start (${starting.ended?.how ?? `no answer within ${startDeadlineMs / 1000} s`}); ` +
      `run \`locscale doctor\`, or see ${startLog}${tail === '' ? ', which is empty.' : `, which ends with:\n${tail}`}`,
  );
}

async function start(startLog: string, options: readonly string[]): Promise<Starting> {
  const log = await open(startLog, 'w', 0o600);
  try {
    const child = spawn(process.execPath, [launcher, 'daemon', 'run', ...options], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      // A daemon must not keep a user's disk from being unmounted.
      cwd: '/',
    });
    const starting: Starting = { ended: null };
    child.once('error', (error) => (starting.ended = { code: null, how: error.message }));
    child.once('exit', (code, signal) => (starting.ended = { code, how: signal ?? `exit code ${code}` }));
    child.unref();
    return starting;
  } finally {
    await log.close();
  }
}
