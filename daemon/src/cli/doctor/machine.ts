import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { memoryBudget } from '../../jobs/memory-budget.js';
import { prepareFolders, type StatePaths } from '../../state.js';
import { failed, ok, warning, type Check } from './check.js';

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** A 512³ job needs about 2.5 GiB of memory (four float32 volumes and a mask) and 0.5 GiB of disk for each volume it keeps. */
const littleMemory = 2.5 * 2 ** 30;
const littleDisk = 2 * 2 ** 30;

export async function checkFolders(paths: StatePaths): Promise<Check> {
  try {
    await prepareFolders(paths);
    return ok('State folder', paths.state);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed('State folder', `${reason} (LOCSCALE_HOME names another folder.)`);
  }
}

export async function checkDisk(paths: StatePaths): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(paths.state);
    const free = bavail * bsize;
    return free >= littleDisk
      ? ok('Disk', `${gib(free)} free in ${paths.state}`)
      : warning('Disk', `only ${gib(free)} free in ${paths.state}; free some, or set LOCSCALE_HOME to a larger disk.`);
  } catch (error) {
    return warning('Disk', `unknown (${error instanceof Error ? error.message : String(error)}); look at it with df.`);
  }
}

export async function checkMemory(): Promise<Check> {
  const budget = await memoryBudget();
  return budget >= littleMemory
    ? ok('Memory', `${gib(budget)} for all jobs together`)
    : warning(
        'Memory',
        `only ${gib(budget)} for all jobs together, a box of 512 needs ${gib(littleMemory)}; raise the limit of this container or session.`,
      );
}

/** The affinity mask counts, not the machine: `mpirun` binds each rank to one processor. */
export function checkProcessors(): Check {
  const [usable, present] = [availableParallelism(), cpus().length];
  return usable >= present
    ? ok('Processors', String(usable))
    : warning(
        'Processors',
        `${usable} of ${present} are usable by this process; under mpirun give --bind-to none, under Slurm ask for more with -c.`,
      );
}
