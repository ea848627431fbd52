import { readdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const { ESRCH, ENOENT, EACCES, EPERM, EROFS, EINVAL, EAGAIN } = constants.errno;

/**
 * Lowers the priority of all threads of this process, those that will be started included, as `nice` counts. On Linux a priority
 * belongs to a thread, and those of Node run before the first line of ours.
 */
export function lowerPriority(niceness: number): void {
  setPriority(niceness);
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task')) errorOf(() => setPriority(Number(thread), niceness), [ESRCH]);
}

/** Niceness of the session meanwhile: a tenth of a processor that others want as well. */
const courtesy = 10;
/** As long as it takes to fetch a part of a map and draw a frame of it in software, ms. */
const courtesyMs = 1200;

/**
 * Where the kernel schedules sessions as groups (autogroup, the default of Linux), the priority of a thread counts only within its
 * session, and computing takes half of what a viewer draws with. So for the moment in which a viewer has something of ours to
 * draw, the session as a whole gives way. It must be this process's own.
 */
export class Courtesy {
  #next: NodeJS.Timeout | undefined;

  begin(): void {
    this.#set(courtesy);
    this.#next = setTimeout(() => this.end(), courtesyMs).unref();
  }

  end(): void {
    // The kernel takes ten changes a second from all of the machine.
    if (this.#set(0) === EAGAIN) this.#next = setTimeout(() => this.end(), 150).unref();
  }

  #set(niceness: number): number | undefined {
    clearTimeout(this.#next);
    if (process.platform !== 'linux') return undefined;
    // The file is missing where sessions are no groups, and not to be written in some containers; the session of the kernel's own
    // first process belongs to no group.
    const write = (): void => writeFileSync('/proc/self/autogroup', String(niceness));
    return errorOf(write, [ENOENT, EACCES, EPERM, EROFS, EINVAL, EAGAIN]);
  }
}

/** Does something that the system may refuse for these reasons; returns the reason. */
function errorOf(work: () => void, expected: readonly number[]): number | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    const errno = error instanceof Error && 'errno' in error ? -Number(error.errno) : 0;
    if (!expected.includes(errno)) throw error;
    return errno;
  }
}
