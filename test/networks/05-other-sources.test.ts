import { describe, expect, it } from 'vitest';
import { convertFile } from '../../daemon/src/networks/import/convert-file.js';
import { parseModelConfig } from '../../daemon/src/networks/keras/config.js';
import { decodeModel } from '../../daemon/src/networks/onnx/decode.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';
import { floatTensor } from '../../daemon/src/networks/onnx/model.js';
import { StateDict } from '../../daemon/src/networks/torch/state-dict.js';
import { evaluate, fixture, largestDifference, stored } from './evaluate.js';
import { weightValues } from './weight-values.js';

describe('an ONNX file that PyTorch exported', () => {
  it('is taken, written anew, and gives what PyTorch gave', async () => {
    const { output } = stored('exported-output.json') as { readonly output: readonly number[] };
    const converted = convertFile(fixture('exported.onnx'));
    expect(converted).toMatchObject({ format: 'onnx', input: [1, 8, 8, 8], output: [1, 8, 8, 8], dropouts: [] });
    const seen = await evaluate(encodeModel(converted.model), 'map', [1, 8, 8, 8], weightValues(2999, 512, 0, 1));
    expect(largestDifference(seen, output)).toBeLessThan(1e-5);
  });
});

describe('random layers of an ONNX file', () => {
  const sound = decodeModel(fixture('exported.onnx'));
  const [first] = sound.graph.nodes;
  const listing = (list: readonly object[] | string, op = 'Dropout'): Uint8Array<ArrayBuffer> => {
    // In front of everything: the cube goes through a random layer first.
    const random = { name: 'noise', op, inputs: ['map', 'ratio'], outputs: ['noisy'], attributes: {} };
    const nodes = sound.graph.nodes.map((node) =>
      node === first ? { ...node, inputs: ['noisy', ...node.inputs.slice(1)] } : node,
    );
    const constants = [...sound.graph.constants, floatTensor('ratio', [], Float32Array.of(0.3))];
    const metadata = { 'locscale.dropouts': typeof list === 'string' ? list : JSON.stringify(list) };
    return encodeModel({ ...sound, graph: { ...sound.graph, nodes: [random, ...nodes], constants }, metadata });
  };
  const noise = { node: 'noise', kind: 'element', rate: 0.3, shape: [1, 8, 8, 8] };

  it('are those that its metadata list, and become nodes that do nothing', () => {
    const { model, dropouts } = convertFile(listing([noise]));
    expect(dropouts).toEqual([noise]);
    expect(model.graph.nodes[0]).toMatchObject({ op: 'Identity', inputs: ['map'], outputs: ['noisy'] });
  });

  it('are refused when they are not listed, or the list is wrong', () => {
    expect(() => convertFile(listing([]))).toThrow('its node "noise" is a Dropout that its metadata do not describe');
    expect(() => convertFile(listing([noise, { ...noise, node: first?.name ?? '' }]))).toThrow(
      'and the name of one Identity or Dropout node',
    );
    expect(() => convertFile(listing([{ ...noise, rate: 1.5 }]))).toThrow('is not as docs/networks.md describes it');
    expect(() => convertFile(listing('{'))).toThrow('is not as docs/networks.md describes it');
  });
});

describe('a state dictionary that PyTorch saved', () => {
  const weights = StateDict.read(fixture('tensors.pt'));
  const count = Array.from({ length: 24 }, (_, at) => at);

  it('is found inside a checkpoint, without the prefix of a wrapper', () => {
    expect(weights.names).toEqual(['plain', 'wrapped', 'strided', 'offset', 'parameter', 'double']);
    expect([...weights.take('plain', [2, 3, 4])]).toEqual(count);
    expect([...weights.take('wrapped', [2])]).toEqual([0.5, -0.25]);
    expect([...weights.take('parameter', [1, 2])]).toEqual([1, 2]);
  });

  it('honours strides and offsets of tensors that share a storage', () => {
    // Axes (2, 0, 1) of the plain one: element (i, j, k) is 12 j + 4 k + i.
    const expected = [0, 1, 2, 3].flatMap((i) => [0, 1].flatMap((j) => [0, 1, 2].map((k) => 12 * j + 4 * k + i)));
    expect([...weights.take('strided', [4, 2, 3])]).toEqual(expected);
    expect([...weights.take('offset', [6])]).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('gives no tensor of another shape, type or name', () => {
    expect(() => weights.take('plain', [24])).toThrow('has the shape 2 x 3 x 4, and 24 was expected');
    expect(() => weights.take('double', [1])).toThrow('holds float64 numbers, and float32 was expected');
    expect(() => weights.take('absent', [1])).toThrow('it holds no tensor named "absent"');
  });
});

describe('the forms of model_config', () => {
  const conv = (inbound: unknown): object => ({
    class_name: 'Conv3D',
    name: 'conv',
    config: {},
    inbound_nodes: inbound,
  });
  const input = { class_name: 'InputLayer', name: 'in', config: {}, inbound_nodes: [] };
  const functional = (inbound: unknown, ends: unknown): string =>
    JSON.stringify({
      class_name: 'Functional',
      config: { name: 'm', layers: [input, conv(inbound)], input_layers: ends, output_layers: [['conv', 0, 0]] },
    });

  it('are those of Keras 2 and 3', () => {
    const keras2 = parseModelConfig(functional([[['in', 0, 0, {}]]], [['in', 0, 0]]));
    const tensor = { class_name: '__keras_tensor__', config: { shape: [null, 8], keras_history: ['in', 0, 0] } };
    const keras3 = parseModelConfig(functional([{ args: [tensor], kwargs: {} }], ['in', 0, 0]));
    expect(keras3).toEqual(keras2);
    expect(keras2).toMatchObject({ input: 'in', output: 'conv' });
    expect(keras2.layers.get('conv')?.inputs).toEqual(['in']);
  });

  it('are lists of layers too, with the input in the first of them', () => {
    const layers = [
      { class_name: 'Custom>PReLU', config: { name: 'a', batch_input_shape: [null, 8, 8, 8, 1] } },
      { class_name: 'ReLU', config: { name: 'b' } },
    ];
    const model = parseModelConfig(JSON.stringify({ class_name: 'Sequential', config: { layers } }));
    expect([...model.layers.values()].map(({ name, type, inputs }) => [name, type, inputs])).toEqual([
      ['input', 'InputLayer', []],
      ['a', 'PReLU', ['input']],
      ['b', 'ReLU', ['a']],
    ]);
  });

  it('name layers that are used twice, and second outputs', () => {
    expect(() => parseModelConfig(functional([[['in', 0, 0, {}]], [['in', 0, 0, {}]]], [['in', 0, 0]]))).toThrow(
      'is used 2 times',
    );
    expect(() => parseModelConfig(functional([[['in', 0, 1, {}]]], [['in', 0, 0]]))).toThrow(
      'takes a second output of "in"',
    );
    expect(() => parseModelConfig(functional([[['in', 0, 0, {}]]], []))).toThrow(
      'its model has 0 inputs, and one was expected',
    );
  });
});
