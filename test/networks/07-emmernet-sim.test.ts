import { describe, expect, it } from 'vitest';
import { convertFile } from '../../daemon/src/networks/import/convert-file.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';
import { evaluate, fixture, largestDifference, singlesOf, stored } from './evaluate.js';

/** A small network with emmernet-sim's layers and random weights, as its training saves it; training/…/small_fixture.py makes it. */
const file = fixture('emmernet-sim-small.pt');
const expected = stored('emmernet-sim-small.json') as { readonly input: string; readonly mean: string };

describe('the state dictionary of emmernet-sim', () => {
  it('becomes a graph that gives what PyTorch gives', async () => {
    const { model, dropouts } = convertFile(file);
    const output = await evaluate(encodeModel(model), 'map', [1, 16, 16, 16], singlesOf(expected.input));
    expect(largestDifference(output, singlesOf(expected.mean))).toBeLessThan(1e-5);
    expect(dropouts).toEqual([{ node: 'dropout', kind: 'element', rate: 0.125, shape: [4, 16, 16, 16] }]);
  });
});
