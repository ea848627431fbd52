import { beforeAll, describe, expect, it } from 'vitest';
import type { Converted } from '../../daemon/src/networks/graph/converted.js';
import { convertFile } from '../../daemon/src/networks/import/convert-file.js';
import { decodeModel } from '../../daemon/src/networks/onnx/decode.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';
import { gitBlob } from '../../daemon/src/networks/torch/convert.js';
import { evaluate, largestDifference, stored } from './evaluate.js';
import { surferFile, type SurferTensor, surferTensors } from './surfer-weights.js';
import { weightValues } from './weight-values.js';

interface Expected {
  readonly tensors: number;
  readonly parameters: number;
  readonly rms: number;
  readonly every: number;
  readonly samples: readonly number[];
  readonly corners: readonly number[];
}
const n = 48;

/** The voxels that make_surfer_reference.py stored. */
function sampled(output: Float32Array, every: number): number[] {
  const at = (z: number, y: number, x: number): number => output[(z * n + y) * n + x] as number;
  const from = (first: number, step: number): number[] =>
    Array.from({ length: Math.ceil((n - first) / step) }, (_, index) => first + index * step);
  const samples = from(1, every).flatMap((z) => from(2, every).flatMap((y) => from(5, every).map((x) => at(z, y, x))));
  const corners = [0, n - 1].flatMap((z) => [0, n - 1].flatMap((y) => [0, n - 1].map((x) => at(z, y, x))));
  return [...samples, ...corners];
}

describe("SURFER's network in full, 4.7 million weights", () => {
  const expected = stored('scunet-output.json') as Expected;
  let tensors: readonly SurferTensor[];
  let converted: Converted;
  beforeAll(() => {
    tensors = surferTensors();
    converted = convertFile(new Uint8Array(surferFile(tensors)));
  });

  it('is read from a checkpoint with wrapped names and tensors in another order', () => {
    expect(tensors.length).toBe(expected.tensors);
    expect(converted).toMatchObject({
      format: 'pytorch',
      input: [1, n, n, n],
      output: [1, n, n, n],
      parameters: expected.parameters,
      dropouts: [],
      segmentation: { voxelSize: 1, stride: 32, resampling: 'quadratic', output: 'logit' },
    });
    expect(expected.parameters).toBe(4_729_084);
    expect(converted.notes.join(' ')).toMatch(/is not the published SURFER_SCUNet\.pt: its Git blob is [0-9a-f]{40}/u);
  });

  it('gives what PyTorch computes', async () => {
    const graph = encodeModel(converted.model);
    const output = await evaluate(graph, 'map', [1, n, n, n], weightValues(4999, n ** 3, 0, 1));
    expect(largestDifference(sampled(output, expected.every), [...expected.samples, ...expected.corners])).toBeLessThan(
      1e-4,
    );
    const rms = Math.sqrt(output.reduce((sum, value) => sum + value * value, 0) / output.length);
    expect(Math.abs(rms / expected.rms - 1)).toBeLessThan(1e-4);
    // Its cube is written into it, and a reader sees that.
    expect(decodeModel(graph).graph.inputs[0]?.dims).toEqual(['N', 1, n, n, n]);
  });

  it('is refused when a tensor is missing or has another shape', () => {
    const name = 'm_body.1.trans_block.mlp.2.bias';
    expect(() => convertFile(new Uint8Array(surferFile(tensors, { leaveOut: name })))).toThrow(
      `it holds no tensor named "${name}"`,
    );
    const odd = tensors.map((tensor) =>
      tensor.name === 'm_up2.1.conv_block.3.tau' ? { ...tensor, dims: [32, 1, 1, 1, 1] } : tensor,
    );
    expect(() => convertFile(new Uint8Array(surferFile(odd)))).toThrow(
      'has the shape 32 x 1 x 1 x 1 x 1, and 1 x 32 x 1 x 1 x 1',
    );
  });
});

describe('the name that Git has for a content', () => {
  it('is what git hash-object says', () => {
    expect(gitBlob(new TextEncoder().encode('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  });
});
