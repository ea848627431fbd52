import { describe, expect, it } from 'vitest';
import { convertFile } from '../../daemon/src/networks/import/convert-file.js';
import { decodeModel } from '../../daemon/src/networks/onnx/decode.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';
import { evaluate, fixture, largestDifference, stored } from './evaluate.js';
import { weightValues } from './weight-values.js';

interface Expected {
  readonly size: number;
  readonly channels: number;
  readonly output: readonly number[];
}

describe('every layer that is converted, in a file that the HDF5 library wrote', () => {
  const converted = convertFile(fixture('layers.hdf5'));
  const graph = encodeModel(converted.model);

  it('gives what PyTorch computes from the definitions', async () => {
    const { size, channels, output } = stored('layers-output.json') as Expected;
    // Made channels last, as Keras has them.
    const last = weightValues(1999, size ** 3 * channels, 0, 1);
    const first = Float32Array.from(
      last,
      (_, at) => last[(at % size ** 3) * channels + Math.floor(at / size ** 3)] as number,
    );
    const seen = await evaluate(graph, 'map', [channels, size, size, size], first);
    expect(seen.length).toBe(size ** 3);
    expect(largestDifference(seen, output)).toBeLessThan(1e-5);
  });

  it('lists the random layers with their kind, rate and shape', () => {
    expect(converted.dropouts).toEqual([
      { node: 'dropout', kind: 'element', rate: 0.5, shape: [6, 9, 9, 9] },
      { node: 'spatial_dropout3d', kind: 'channel', rate: 0.2, shape: [6, 10, 10, 10] },
      { node: 'gaussian_noise', kind: 'gaussian-noise', rate: 0.1, shape: [6, 10, 10, 10] },
    ]);
  });

  it('survives being written and read, byte for byte, and is accepted as ONNX', () => {
    expect(Buffer.compare(encodeModel(decodeModel(graph)), graph)).toBe(0);
    const again = convertFile(graph);
    expect(again.format).toBe('onnx');
    expect(again.input).toEqual([2, 32, 32, 32]);
    expect(again.parameters).toBe(converted.parameters);
    expect(again.dropouts).toEqual(converted.dropouts);
    expect(Buffer.compare(encodeModel(again.model), graph)).toBe(0);
  });
});
