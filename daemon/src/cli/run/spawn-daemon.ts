import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LocScaleError } from '@chimerax-like/rpc';
import { prepareFolders, statePaths } from '../../state.js';
import { logTail } from './log-tail.js';

/** How long a daemon may take from its start to its first answer. */
const startDeadlineMs = 10_000;
const pollMs = 50;

/** The committed launcher, also when this file runs from `dist`. */
const launcher = fileURLToPath(new URL('../../../bin/locscale.js', import.meta.url));

/**
 * Starts a daemon that outlives this process and waits until `probe` finds it. When two start at once one of them ends
 * at the lock; its starter then simply finds the other one.
 */
export async function spawnDaemon<T>(probe: () => Promise<T | null>): Promise<T> {
  const paths = statePaths();
  await prepareFolders(paths);
  const startLog = join(paths.logs, 'daemon-start.log');
  const log = await open(startLog, 'w', 0o600);
  let ended: string | null = null;
  try {
    const child = spawn(process.execPath, [launcher, 'daemon', 'run'], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      // A daemon must not keep a user's disk from being unmounted.
      cwd: '/',
    });
    child.once('error', (error) => (ended = error.message));
    child.once('exit', (code, signal) => (ended = signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.unref();
  } finally {
    await log.close();
  }
  const deadline = performance.now() + startDeadlineMs;
  while (performance.now() < deadline) {
    await sleep(pollMs);
    const endedBeforeProbe = ended;
    const found = await probe();
    if (found !== null) return found;
    if (endedBeforeProbe !== null) break;
  }
  const tail = await logTail(startLog, 5);
  throw new LocScaleError(
    'connection.refused',
    `The daemon did not start${ended === null ? ` within ${startDeadlineMs / 1000} s` : ` (${String(ended)})`}; ` +
      `run \`locscale doctor\`, or see ${startLog}${tail === '' ? ' (empty).' : `, which ends with:\n${tail}`}`,
  );
}
