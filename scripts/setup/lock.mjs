/** One set-up at a time: two would write the same node_modules and the same build folder. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, say } from './step.mjs';

const pollMs = 200;
/** Longer than a first build on a slow machine. */
const patienceMs = 30 * 60_000;

/**
 * When a process started, in clock ticks since boot, so that a recycled process id is not taken for the holder.
 * Empty where there is no /proc (macOS), where the id alone must do.
 * @param {number} pid
 * @returns {string}
 */
function startTime(pid) {
  try {
    // proc(5): field 22; the second field is the command in parentheses and may hold spaces.
    return (
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

/**
 * @param {string} holder `PID STARTTIME`
 * @returns {boolean}
 */
function isAlive(holder) {
  const [pid = '', started = ''] = holder.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // EPERM: the process exists and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return started === startTime(Number(pid));
}

/**
 * @param {string} path
 * @returns {string | null}
 */
function readHolder(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // released in this moment
  }
}

/**
 * Takes the lock, waiting while another set-up of this folder runs; a lock whose holder died is taken over.
 * @param {string} root
 * @param {number} [patience] milliseconds
 * @returns {() => void} gives the lock back
 */
export function takeLock(root, patience = patienceMs) {
  const folder = join(root, '.cache', 'setup');
  const path = join(folder, 'lock');
  const own = `${path}.${String(process.pid)}`;
  mkdirSync(folder, { recursive: true });
  // Written first and linked to its name afterwards: the lock appears together with its holder's number.
  writeFileSync(own, `${String(process.pid)} ${startTime(process.pid)}`);
  const deadline = Date.now() + patience;
  let waiting = false;
  for (;;) {
    try {
      linkSync(own, path);
      rmSync(own);
      return () => {
        rmSync(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = readHolder(path);
    if (holder === null) continue;
    if (!isAlive(holder)) {
      removeStale(path, `${own}.stale`, holder);
      continue;
    }
    if (Date.now() >= deadline) {
      rmSync(own);
      throw new SetupError(
        `process ${holder.split(' ')[0] ?? ''} has been setting up this folder for too long; end it, then run this again.`,
      );
    }
    if (!waiting)
      say(`another set-up of this folder is running (process ${holder.split(' ')[0] ?? ''}); waiting for it`);
    waiting = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
  }
}

/**
 * Removes the lock of a dead holder. Two waiters may come here at once, so the file is moved aside and looked at again:
 * if it is the other waiter's fresh lock, it goes back.
 * @param {string} path
 * @param {string} aside
 * @param {string} holder
 */
function removeStale(path, aside, holder) {
  try {
    renameSync(path, aside);
  } catch {
    return; // the other waiter was faster
  }
  if (readHolder(aside) === holder) rmSync(aside);
  else renameSync(aside, path);
}
