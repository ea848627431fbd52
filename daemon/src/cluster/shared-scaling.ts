import {
  scaleWindows as kernel,
  type ScaleWindowsInput,
  type ScaleWindowsOptions,
  slabSections,
  type VoxelCounts,
} from '@locscale/native';
import type { ScaleWindows } from '../engine/index.js';
import { claim } from './claims.js';
import type { RunFolder } from './run-folder.js';
import { type Box, gather, maskOf, noVoxels, scatter, sumCounts, type Unit, unitsOf } from './units.js';
import type { Watch } from './watch.js';

/** What rank 0 hands out: everything that scaling needs, computed once, so that all ranks work on the same numbers. */
interface Task {
  readonly input: ScaleWindowsInput;
  readonly units: readonly Unit[];
  readonly slabHeight: number;
  /** For every rank, if the user says so. */
  readonly threads: number | null;
}

/** What a rank gives back for the units that it took at once. */
interface Part {
  readonly units: readonly number[];
  readonly counts: VoxelCounts;
  readonly scaled: Float32Array;
  readonly bfactors: Float32Array | null;
  readonly qualities: Float32Array | null;
}

type Maps = Pick<ScaleWindowsOptions, 'scaled' | 'bfactors' | 'qualities'>;

export interface Place {
  readonly folder: RunFolder;
  readonly watch: Watch;
  /** Of the run. */
  readonly size: number;
  /** This rank's share of its host, unless the user gives a number. */
  readonly threads: number;
}

export const taskName = (task: number): string => `task-${task}`;
/** There once nothing of a task is left to do. */
export const overName = (task: number): string => `${task}.over`;
const partName = (task: number, first: number | string): string => `${task}.part-${first}`;
const doneName = (task: number, first: number | '' = ''): string => `${task}.done-${first}`;

/** Rank 0's part: scaling as the kernel does it, the units shared with the other ranks. */
export function sharedScaling({ folder, watch, size, threads: own }: Place): ScaleWindows {
  let tasks = 0;
  return async (input, options) => {
    const number = ++tasks;
    const slabHeight = slabSections();
    const units = unitsOf(input.mask, input.shape, slabHeight);
    const task: Task = { input, units, slabHeight, threads: options.threads ?? null };
    await folder.put(taskName(number), task, watch.signal);
    await folder.create(taskName(number));
    const box: Box = { mask: input.mask, shape: input.shape, slabHeight };
    const { scaled = new Float32Array(input.mask.length), bfactors, qualities } = options;
    const sum = new Sum(task, options);

    const ownWork = async (): Promise<void> => {
      const room = new Uint8Array(input.mask.length);
      for (;;) {
        const mine = await claim(folder, number, units, size);
        const taken = pick(units, mine);
        if (taken.length === 0) return;
        const counts = await kernel(
          { ...input, mask: maskOf(taken, box, room) },
          {
            signal: watch.signal,
            threads: options.threads ?? own,
            scaled,
            bfactors,
            qualities,
            onProgress: (fraction) => sum.show(taken, fraction),
          },
        );
        sum.add(taken, counts);
      }
    };
    const done = doneName(number);
    const othersWork = async (): Promise<void> => {
      const seen = new Set<string>();
      while (!sum.complete) {
        for (const name of await watch.next()) {
          if (!name.startsWith(done) || seen.has(name)) continue;
          seen.add(name);
          const key = partName(number, name.slice(done.length));
          const part = (await folder.get(key, watch.signal)) as Part;
          const theirs = pick(units, part.units);
          scatter(theirs, box, part.scaled, scaled);
          if (bfactors !== undefined && part.bfactors !== null) scatter(theirs, box, part.bfactors, bfactors);
          if (qualities !== undefined && part.qualities !== null) scatter(theirs, box, part.qualities, qualities);
          sum.add(theirs, part.counts);
          await folder.forget(key);
        }
      }
    };
    await Promise.all([ownWork(), othersWork()]);
    // The task stays until the folder goes: one who comes late may be reading it.
    await folder.create(overName(number));
  };
}

/** Another rank's part: takes units of a task until none is left. */
export async function helpWith(number: number, { folder, watch, size, threads: own }: Place): Promise<void> {
  const { signal } = watch;
  const { input, units, slabHeight, threads } = (await folder.get(taskName(number), signal)) as Task;
  const box: Box = { mask: input.mask, shape: input.shape, slabHeight };
  const room = new Uint8Array(input.mask.length);
  let maps: Maps = {};
  for (;;) {
    const mine = await claim(folder, number, units, size);
    const [first] = mine;
    if (first === undefined) return;
    const taken = pick(units, mine);
    const result = await kernel(
      { ...input, mask: maskOf(taken, box, room) },
      { ...maps, signal, threads: threads ?? own },
    );
    maps = result;
    const { scaledVoxels, emptyWindows, failedFits } = result;
    const values = (map: Float32Array | undefined): Float32Array | null =>
      map === undefined ? null : gather(taken, box, map);
    const part: Part = {
      units: mine,
      counts: { scaledVoxels, emptyWindows, failedFits },
      scaled: gather(taken, box, result.scaled),
      bfactors: values(result.bfactors),
      qualities: values(result.qualities),
    };
    await folder.put(partName(number, first), part, signal);
    await folder.create(doneName(number, first));
  }
}

const pick = (units: readonly Unit[], numbers: readonly number[]): readonly Unit[] =>
  numbers.map((i) => units[i]).filter((unit) => unit !== undefined);

/** What is done of a task; tells of slabs as they become complete, as the kernel does. */
class Sum {
  readonly #options: ScaleWindowsOptions;
  readonly #sections: number;
  readonly #slabHeight: number;
  readonly #total: number;
  readonly #left = new Map<number, number>();
  readonly #counts = new Map<number, VoxelCounts>();
  #done = 0;

  constructor({ input, units, slabHeight }: Task, options: ScaleWindowsOptions) {
    this.#options = options;
    this.#sections = input.shape[0];
    this.#slabHeight = slabHeight;
    this.#total = voxelsOf(units);
    for (let slab = 0; slab * slabHeight < this.#sections; slab++) this.#left.set(slab, 0);
    for (const { slab } of units) this.#left.set(slab, (this.#left.get(slab) ?? 0) + 1);
    for (const [slab, left] of [...this.#left]) if (left === 0) this.#tell(slab);
  }

  get complete(): boolean {
    return this.#left.size === 0;
  }

  /** Progress with this share of the units that are in work here. */
  show(units: readonly Unit[], fraction: number): void {
    this.#options.onProgress?.((this.#done + fraction * voxelsOf(units)) / Math.max(1, this.#total));
  }

  add(units: readonly Unit[], counts: VoxelCounts): void {
    const slab = units[0]?.slab;
    if (slab === undefined) return;
    this.#counts.set(slab, sumCounts(this.#counts.get(slab) ?? noVoxels, counts));
    this.#done += voxelsOf(units);
    const left = (this.#left.get(slab) ?? 0) - units.length;
    this.#left.set(slab, left);
    this.show([], 0);
    if (left === 0) this.#tell(slab);
  }

  #tell(slab: number): void {
    this.#left.delete(slab);
    const end = Math.min(this.#sections, (slab + 1) * this.#slabHeight);
    this.#options.onSlab?.([slab * this.#slabHeight, end], this.#counts.get(slab) ?? noVoxels);
  }
}

const voxelsOf = (units: readonly Unit[]): number => units.reduce((sum, { voxels }) => sum + voxels, 0);
