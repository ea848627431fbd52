import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Grid } from '@chimerax-like/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../daemon/dist/engine/index.js';
import { acceptOnnx } from '../../daemon/src/networks/onnx/accept.js';
import { manifestSchema } from '../../daemon/src/networks/library/manifest.js';
import { readVolume, writeVolume } from '../../daemon/dist/volumes/index.js';

const data = new URL('../../daemon/data/networks/surfer-sim/', import.meta.url);
const fixtures = new URL('fixtures/', import.meta.url);

interface Box {
  readonly model: string;
  readonly shape: readonly [number, number, number];
  readonly voxelSize: number;
  readonly proteinVoxels: number;
}
const boxes = JSON.parse(readFileSync(new URL('boxes.json', fixtures), 'utf8')) as Readonly<Record<string, Box>>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locscale-surfer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the recipe with the embedded network on one of the stored boxes; 1 where it finds context. */
async function found(
  name: string,
): Promise<{ readonly context: readonly boolean[]; readonly belt: readonly boolean[]; readonly box: Box }> {
  const box = boxes[name] as Box;
  const stored = gunzipSync(readFileSync(new URL(`${name}.map.gz`, fixtures)));
  const bits = gunzipSync(readFileSync(new URL(`${name}.belt.gz`, fixtures)));
  const voxels = Float32Array.from(new Int8Array(stored.buffer, stored.byteOffset, stored.length));
  const { voxelSize } = box;
  const grid: Grid = { shape: [...box.shape], voxelSize: [voxelSize, voxelSize, voxelSize], origin: [0, 0, 0] };
  const path = join(folder, `${name}.mrc`);
  await writeVolume(path, { grid, voxels, labels: [] });
  const outputPath = join(folder, `${name}-out.mrc`);
  await evaluate({
    recipe: 'surfer',
    inputs: { map: { kind: 'mrc', path } },
    parameters: { network: 'surfer-sim', device: 'cpu', smoothing: 1, largestSegment: false },
    outputPath,
    store: null,
  });
  const { voxels: probability } = await readVolume(join(folder, `${name}-out_micelle_prediction.mrc`), {
    requireSignal: false,
  });
  return {
    context: [...probability].map((value) => value >= 0.5),
    belt: Array.from(voxels, (_, at) => (((bits[at >> 3] as number) >> (7 - (at & 7))) & 1) === 1),
    box,
  };
}

describe('the segmenter that comes with the program', () => {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(new URL('manifest.json', data), 'utf8')));

  it('is the graph that its manifest names, within 10 MB, and is accepted as any other', () => {
    const path = new URL(manifest.graph.file, data);
    const bytes = new Uint8Array(readFileSync(path));
    expect(statSync(path).size).toBe(manifest.graph.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(manifest.graph.sha256);
    expect(bytes.length).toBeLessThan(10e6);
    expect(acceptOnnx(bytes)).toMatchObject({ parameters: manifest.parameters, dropouts: [] });
    expect(manifest.segmentation).toMatchObject({ voxelSize: 2, output: 'logit' });
  });

  it('finds the micelle of a held-out membrane protein', async () => {
    const { context, belt } = await found('micelle');
    const both = context.filter((inside, at) => inside && belt[at]).length;
    const sum = context.filter(Boolean).length + belt.filter(Boolean).length;
    expect((2 * both) / sum).toBeGreaterThan(0.8);
  });

  it('finds next to nothing around a held-out soluble protein', async () => {
    const { context, box } = await found('soluble');
    expect(context.filter(Boolean).length / box.proteinVoxels).toBeLessThan(0.02);
  });
});
