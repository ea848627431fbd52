import type { Grid } from '@chimerax-like/rpc';
import { scaleWindows as kernel } from '@locscale/native';
import { plural } from '../../volumes/index.js';
import type { Step, StepContext } from '../context.js';
import { RawWriter, voxelCount } from '../raw-file.js';
import type { EdgeFill } from './edge-fill.js';

export interface ScalingInput {
  readonly map: Float32Array;
  readonly reference: Float32Array;
  readonly mask: Uint8Array;
  readonly shape: Grid['shape'];
  readonly windowSize: number;
  readonly fill: EdgeFill | null;
  readonly threads: number | undefined;
  /** Name of the output, for slab messages. */
  readonly output: string;
  /** Raw file that grows with the finished slabs, or null. */
  readonly rawPath: string | null;
}

export interface Scaled {
  /** Exactly 0 where nothing was scaled. */
  readonly scaled: Float32Array;
  readonly scaledVoxels: number;
  /** Mask voxels in whose window the map or the reference is 0 throughout; they became 0. */
  readonly emptyWindows: number;
}

/** Local amplitude scaling, atomic form (scaling.md 10.1); finished sections go to the raw file while others are computed. */
export const scaleWindows: Step<ScalingInput, Scaled> = {
  name: 'scaleWindows',
  version: 1,
  run: async (input, context) => {
    const { output, rawPath } = input;
    if (rawPath === null) return scale(input, context, new Float32Array(voxelCount(input.shape)), () => undefined);
    const writer = await RawWriter.create(rawPath, input.shape);
    const scaled = new Float32Array(voxelCount(input.shape));
    const writes = new SlabWrites(writer, scaled, input, context);
    try {
      const result = await scale(input, context, scaled, (sections) => writes.add(output, sections));
      await writes.finish();
      return result;
    } catch (error) {
      await writer.discard();
      throw error;
    }
  },
};

type Sections = readonly [first: number, end: number];

async function scale(
  { map, reference, mask, shape, windowSize, fill, threads }: ScalingInput,
  { signal, report, warn }: StepContext,
  scaled: Float32Array,
  onSlab: (sections: Sections) => void,
): Promise<Scaled> {
  const result = await kernel(
    { map, reference, mask, shape, windowSize, form: 'atomic', ...(fill === null ? {} : { fill }) },
    { signal, threads, scaled, onProgress: (fraction) => report(fraction), onSlab },
  );
  if (result.emptyWindows > 0)
    warn({
      kind: 'result.empty-windows',
      message: `${plural(result.emptyWindows, 'mask voxel', 'mask voxels')} became 0: the map or the reference is 0 everywhere in the window around it.`,
    });
  return result;
}

/** Writes finished slabs one after the other while the kernel goes on; tells of each once it can be read. */
class SlabWrites {
  #last: Promise<void> = Promise.resolve();
  readonly #writer: RawWriter;
  readonly #scaled: Float32Array;
  readonly #sectionVoxels: number;
  readonly #context: StepContext;

  constructor(writer: RawWriter, scaled: Float32Array, { shape }: ScalingInput, context: StepContext) {
    this.#writer = writer;
    this.#scaled = scaled;
    this.#sectionVoxels = shape[1] * shape[2];
    this.#context = context;
  }

  add(output: string, [first, end]: Sections): void {
    const from = first * this.#sectionVoxels;
    const slab = this.#scaled.subarray(from, end * this.#sectionVoxels);
    this.#last = this.#last.then(async () => {
      await this.#writer.write(slab, from, this.#context.signal);
      this.#context.slab({ output, sections: [first, end] });
    });
    // The failure itself is reported by `finish`; meanwhile it must not count as unhandled.
    this.#last.catch(() => undefined);
  }

  async finish(): Promise<void> {
    await this.#last;
    await this.#writer.finish();
  }
}
