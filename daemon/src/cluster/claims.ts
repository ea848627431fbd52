import type { RunFolder } from './run-folder.js';
import type { Unit } from './units.js';

/**
 * The next units for one rank, all of one slab; none when all are taken. A unit belongs to the rank that creates its file. Each takes
 * a share of what is left, so that pieces are large at first and small at the end, and a rank that is slower (its host is older or
 * busy, its voxels cost more) takes less: a fixed division would wait for the slowest.
 */
export async function claim(
  folder: RunFolder,
  task: number,
  units: readonly Unit[],
  size: number,
): Promise<readonly number[]> {
  const nameOf = (i: number): string => `${task}.unit-${i}`;
  const names = await folder.names();
  const free = [...units.keys()].filter((i) => !names.has(nameOf(i)));
  const left = free.reduce((sum, i) => sum + (units[i]?.voxels ?? 0), 0);
  const goal = left / (2 * size);
  const mine: number[] = [];
  let voxels = 0;
  for (const i of free) {
    const unit = units[i];
    const first = units[mine[0] ?? i];
    if (unit === undefined || unit.slab !== first?.slab) break;
    if (!(await folder.create(nameOf(i)))) continue;
    mine.push(i);
    voxels += unit.voxels;
    if (voxels >= goal) break;
  }
  return mine;
}
