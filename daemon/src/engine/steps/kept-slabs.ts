import type { Grid } from '@chimerax-like/rpc';
import type { VoxelCounts } from '@locscale/native';
import type { Pieces } from '../context.js';
import type { Sections } from '../live-output.js';
import { voxelCount } from '../raw-file.js';
import { pack, type SparseSections, unpack } from '../sparse-sections.js';

/** One finished slab as the store has it. */
interface Slab {
  readonly counts: VoxelCounts;
  readonly scaled: SparseSections;
  readonly bfactors?: SparseSections;
  readonly qualities?: SparseSections;
}

/** What a complete result consists of. */
interface Contents {
  readonly shape: Grid['shape'];
  readonly measured: boolean;
  readonly slabHeight: number;
}

export interface ScaledMaps {
  readonly scaled: Float32Array;
  readonly bfactors?: Float32Array;
  readonly qualities?: Float32Array;
}

const nothing: VoxelCounts = { scaledVoxels: 0, emptyWindows: 0, failedFits: 0 };

/** The slabs of a scaled map in memory and in the store. */
export class KeptSlabs {
  readonly maps: ScaledMaps;
  readonly #pieces: Pieces;
  readonly #contents: Contents;
  readonly #counts = new Map<number, VoxelCounts>();
  #last: Promise<void> = Promise.resolve();

  /** `measured`: with maps of B-factors; `slabHeight`: sections of a slab. */
  constructor(pieces: Pieces, shape: Grid['shape'], measured: boolean, slabHeight: number) {
    this.#pieces = pieces;
    this.#contents = { shape, measured, slabHeight };
    const blank = (): Float32Array => new Float32Array(voxelCount(shape));
    this.maps = { scaled: blank(), ...(measured ? { bfactors: blank(), qualities: blank() } : {}) };
  }

  /** The whole result, when the store has every slab of it. */
  static async whole(pieces: Pieces): Promise<(ScaledMaps & VoxelCounts) | undefined> {
    const contents = (await pieces.get('contents')) as Contents | undefined;
    if (contents === undefined) return undefined;
    const { shape, measured, slabHeight } = contents;
    const kept = new KeptSlabs(pieces, shape, measured, slabHeight);
    const found = await kept.restore();
    return found.length === Math.ceil(shape[0] / slabHeight) ? { ...kept.maps, ...kept.#total() } : undefined;
  }

  /** Fills in the slabs that the store has and says which. */
  async restore(): Promise<readonly Sections[]> {
    const { shape, slabHeight } = this.#contents;
    const found: Sections[] = [];
    for (let first = 0; first < shape[0]; first += slabHeight) {
      const slab = (await this.#pieces.get(nameOf(first))) as Slab | undefined;
      if (slab === undefined) continue;
      const sections: Sections = [first, Math.min(shape[0], first + slabHeight)];
      for (const [name, voxels] of this.#mapsOf(sections)) {
        const part = slab[name];
        if (part !== undefined) unpack(part, voxels);
      }
      this.#counts.set(first, slab.counts);
      found.push(sections);
    }
    return found;
  }

  /** Keeps a slab that has just become final. */
  add(sections: Sections, counts: VoxelCounts): void {
    const [first] = sections;
    this.#counts.set(first, counts);
    const parts = this.#mapsOf(sections);
    this.#last = this.#last.then(() =>
      this.#pieces.put(nameOf(first), {
        counts,
        ...Object.fromEntries(parts.map(([name, voxels]) => [name, pack(voxels)])),
      }),
    );
    // It comes out of `finish`; meanwhile it must not count as unhandled.
    this.#last.catch(() => undefined);
  }

  async finish(): Promise<ScaledMaps & VoxelCounts> {
    await this.#last;
    await this.#pieces.put('contents', this.#contents);
    return { ...this.maps, ...this.#total() };
  }

  #mapsOf([first, end]: Sections): readonly (readonly [keyof ScaledMaps, Float32Array])[] {
    const [, ny, nx] = this.#contents.shape;
    return (Object.entries(this.maps) as [keyof ScaledMaps, Float32Array][]).map(([name, voxels]) => [
      name,
      voxels.subarray(first * ny * nx, end * ny * nx),
    ]);
  }

  #total(): VoxelCounts {
    return [...this.#counts.values()].reduce(
      (sum, counts) => ({
        scaledVoxels: sum.scaledVoxels + counts.scaledVoxels,
        emptyWindows: sum.emptyWindows + counts.emptyWindows,
        failedFits: sum.failedFits + counts.failedFits,
      }),
      nothing,
    );
  }
}

const nameOf = (first: number): string => `sections from ${first}`;
