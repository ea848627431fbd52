import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertFile } from '../../daemon/src/networks/import/convert-file.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';
import { emmernetWeights } from './emmernet-weights.js';
import { evaluate, largestDifference, stored } from './evaluate.js';
import { weightValues } from './weight-values.js';
import { emmernetLayers, writeKeras } from './write-keras.js';
import { emmernetFile } from './write-torch.js';

interface Expected {
  readonly tensors: number;
  readonly rms: number;
  readonly mean: number;
  readonly samples: readonly number[];
  readonly corners: readonly number[];
}
const expected = stored('emmernet-output.json') as Expected;
const cube = weightValues(1000, 32 ** 3, 0, 1);
const n = 32;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locscale-emmernet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every fourth voxel, as make_references.py takes them, and the corners. */
function sampled(output: Float32Array): { readonly samples: number[]; readonly corners: number[] } {
  const samples: number[] = [];
  const corners: number[] = [];
  output.forEach((value, at) => {
    const [z, y, x] = [Math.floor(at / (n * n)), Math.floor(at / n) % n, at % n];
    if (z % 4 === 1 && y % 4 === 2 && x % 4 === 3) samples.push(value);
    if (z % 31 === 0 && y % 31 === 0 && x % 31 === 0) corners.push(value);
  });
  return { samples, corners };
}

function assertEqualToTorch(output: Float32Array): void {
  const { samples, corners } = sampled(output);
  expect(samples.length).toBe(512);
  expect(largestDifference([...samples, ...corners], [...expected.samples, ...expected.corners])).toBeLessThan(1e-4);
  const rms = Math.sqrt(output.reduce((sum, value) => sum + value * value, 0) / output.length);
  expect(Math.abs(rms / expected.rms - 1)).toBeLessThan(1e-4);
}

describe('EMmerNet in full, 22.9 million weights', () => {
  const weights = emmernetWeights();

  it('from a Keras file equals PyTorch', async () => {
    const path = join(folder, 'EMmerNet.hdf5');
    await writeKeras(path, emmernetLayers(weights));
    const converted = convertFile(new Uint8Array(await readFile(path)));
    expect(converted.parameters).toBe(22_875_161);
    expect(converted.dropouts.length).toBe(20);
    // 0.92 MB of packed mask bits a pass.
    expect(converted.dropouts.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)).toBe(7_323_648);
    assertEqualToTorch(await evaluate(encodeModel(converted.model), 'input_1', [1, n, n, n], cube));
  });

  it('from a PyTorch state dictionary equals PyTorch', async () => {
    const path = join(folder, 'emmernet.pt');
    await writeFile(path, emmernetFile(weights));
    const converted = convertFile(new Uint8Array(await readFile(path)));
    expect(converted.parameters).toBe(22_875_161);
    assertEqualToTorch(await evaluate(encodeModel(converted.model), 'map', [1, n, n, n], cube));
  });
});
