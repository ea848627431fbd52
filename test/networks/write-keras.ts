import { rmSync } from 'node:fs';
import h5wasm from 'h5wasm/node';
import { emmernetBlocks, type Weight } from './emmernet-weights.js';

/** One layer of a Keras model with its weights by word, kernels in Keras's order of axes. */
export interface Layer {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly weights?: Readonly<Record<string, { readonly dims: readonly number[]; readonly values: Float32Array }>>;
}

/** `model_config` as Keras 2 writes it, with a cube of `size` as input. */
export function modelConfig(layers: readonly Layer[], size = 32, channels = 1): string {
  const input = {
    class_name: 'InputLayer',
    name: 'input_1',
    config: { name: 'input_1', batch_input_shape: [null, size, size, size, channels] },
    inbound_nodes: [],
  };
  const others = layers.map(({ type, name, inputs, config }) => ({
    class_name: type,
    name,
    config: { name, ...config },
    inbound_nodes: [inputs.map((from) => [from, 0, 0, {}])],
  }));
  return JSON.stringify({
    class_name: 'Functional',
    config: {
      name: 'model',
      layers: [input, ...others],
      input_layers: [['input_1', 0, 0]],
      output_layers: [[layers.at(-1)?.name, 0, 0]],
    },
  });
}

export type Hdf5File = InstanceType<typeof h5wasm.File>;

/** Writes an HDF5 file with the HDF5 library; `fill` puts in what the file shall hold. */
export async function writeHdf5(path: string, fill: (file: Hdf5File) => void): Promise<void> {
  await h5wasm.ready;
  rmSync(path, { force: true });
  const file = new h5wasm.File(path, 'w');
  fill(file);
  file.close();
}

/** A Keras file: `model_config` and the weights of each layer below `model_weights`. */
export const writeKeras = (path: string, layers: readonly Layer[], config = modelConfig(layers)): Promise<void> =>
  writeHdf5(path, (file) => {
    file.create_attribute('keras_version', '2.11.0');
    file.create_attribute('model_config', config);
    file.create_group('model_weights');
    for (const { name, weights = {} } of layers) {
      const words = Object.entries(weights);
      const folder = `model_weights/${name}`;
      const group = file.create_group(folder);
      if (words.length === 0) continue;
      group.create_attribute(
        'weight_names',
        words.map(([word]) => `${name}/${word}:0`),
      );
      file.create_group(`${folder}/${name}`);
      for (const [word, { dims, values }] of words)
        file.create_dataset({ name: `${folder}/${name}/${word}:0`, data: values, shape: [...dims], dtype: '<f' });
    }
  });

/** Kernels from PyTorch's order of axes to Keras's: (a, b, z, y, x) to (z, y, x, b, a). */
function inKerasOrder({ dims, values }: Weight): { readonly dims: readonly number[]; readonly values: Float32Array } {
  const [a = 1, b = 1, ...rest] = dims;
  const taps = rest.reduce((product, n) => product * n, 1);
  const out = new Float32Array(values.length);
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let tap = 0; tap < taps; tap++) out[(tap * b + j) * a + i] = values[(i * b + j) * taps + tap] as number;
  return { dims: [...rest, b, a], values: out };
}

/** The layers of EMmerNet as its training script builds them; skips are taken before the dropout. */
export function emmernetLayers(weights: ReadonlyMap<string, readonly Weight[]>): readonly Layer[] {
  const layers: Layer[] = [];
  let before = 'input_1';
  let count = 0;
  const numbered = (name: string): string => (count === 0 ? name : `${name}_${count}`);
  let ups = 0;
  for (const { name, kind, outChannels, stride, skip } of emmernetBlocks) {
    const of = (word: Weight['word']): Weight => {
      const found = weights.get(name)?.find((weight) => weight.word === word);
      if (found === undefined) throw new Error(`${name} has no ${word}`);
      return found;
    };
    const config = {
      filters: outChannels,
      kernel_size: [5, 5, 5],
      strides: [stride, stride, stride],
      padding: 'same',
      data_format: 'channels_last',
      activation: 'linear',
      use_bias: true,
    };
    const kernel = { kernel: inKerasOrder(of('kernel')), bias: of('bias') };
    if (kind === 'up') {
      const layer = ups === 0 ? 'conv3d_transpose' : `conv3d_transpose_${ups}`;
      layers.push({ type: 'Conv3DTranspose', name: layer, inputs: [before], config, weights: kernel });
      before = layer;
      if (skip !== undefined) {
        const joined = ups === 0 ? 'concatenate' : `concatenate_${ups}`;
        const index = emmernetBlocks
          .filter((block) => block.kind === 'block')
          .findIndex((block) => block.name === skip);
        const from = index === 0 ? 'group_normalization' : `group_normalization_${index}`;
        layers.push({ type: 'Concatenate', name: joined, inputs: [before, from], config: { axis: -1 } });
        before = joined;
      }
      ups++;
      continue;
    }
    const layer = kind === 'plain' ? name : `${name}_3d`;
    layers.push({ type: 'Conv3D', name: layer, inputs: [before], config, weights: kernel });
    before = layer;
    if (kind === 'plain') continue;
    const alpha = { dims: [1, 1, 1, outChannels], values: of('alpha').values };
    const [bent, normal, dropped] = [numbered('p_re_lu'), numbered('group_normalization'), numbered('dropout')];
    layers.push(
      { type: 'PReLU', name: bent, inputs: [layer], config: { shared_axes: [1, 2, 3] }, weights: { alpha } },
      {
        type: 'Addons>GroupNormalization',
        name: normal,
        inputs: [bent],
        config: { groups: 8, axis: -1, epsilon: 0.001, center: true, scale: true },
        weights: { gamma: of('gamma'), beta: of('beta') },
      },
      { type: 'Dropout', name: dropped, inputs: [normal], config: { rate: 0.5, noise_shape: null, seed: null } },
    );
    before = dropped;
    count++;
  }
  return layers;
}
