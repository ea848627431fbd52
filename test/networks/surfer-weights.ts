import { Pickle, torchFile } from './write-torch.js';
import { weightValues } from './weight-values.js';

/** A tensor of SURFER's network: values are centre ± spread. */
export interface SurferTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}
type Sketch = readonly [name: string, dims: readonly number[], centre: number, spread: number];

const headChannels = 16;
const conv = (key: string, first: number, second: number, k: number, fanIn: number): Sketch => [
  `${key}.weight`,
  [first, second, k, k, k],
  0,
  Math.sqrt(3 / (fanIn * k ** 3)),
];
const linear = (key: string, out: number, inside: number): readonly Sketch[] => [
  [`${key}.weight`, [out, inside], 0, Math.sqrt(3 / inside)],
  [`${key}.bias`, [out], 0, 0.1],
];

function block(key: string, channels: number): readonly Sketch[] {
  const half = channels / 2;
  const trans = `${key}.trans_block`;
  return [
    ...['ln1', 'ln2'].flatMap((norm): Sketch[] => [
      [`${trans}.${norm}.weight`, [half], 1, 0.2],
      [`${trans}.${norm}.bias`, [half], 0, 0.1],
    ]),
    [`${trans}.msa.relative_position_params`, [half / headChannels, 5, 5, 5], 0, 1],
    ...linear(`${trans}.msa.embedding_layer`, 3 * half, half),
    ...linear(`${trans}.msa.linear`, half, half),
    ...linear(`${trans}.mlp.0`, 4 * half, half),
    ...linear(`${trans}.mlp.2`, half, 4 * half),
    ...['conv1_1', 'conv1_2'].flatMap((name): Sketch[] => [
      conv(`${key}.${name}`, channels, channels, 1, channels),
      [`${key}.${name}.bias`, [channels], 0, 0.1],
    ]),
    ...[0, 2].flatMap((index): Sketch[] => {
      const norm = `${key}.conv_block.${index + 1}`;
      const shape = [1, half, 1, 1, 1];
      return [
        conv(`${key}.conv_block.${index}`, half, half, 3, half),
        [`${norm}.eps`, shape, 0, 1e-3],
        [`${norm}.gamma`, shape, 1, 0.2],
        [`${norm}.beta`, shape, 0, 0.1],
        [`${norm}.tau`, shape, -0.5, 0.3],
      ];
    }),
  ];
}

/** SURFER's network in full, seeded in the order of make_surfer_reference.py, so that both sides hold the same numbers. */
export function surferTensors(): readonly SurferTensor[] {
  const sketches: readonly Sketch[] = [
    conv('m_head.0', 32, 1, 3, 1),
    ...[1, 2, 3].flatMap((level) => {
      const c = 16 * 2 ** level;
      const blocks = [0, 1].flatMap((index) => block(`m_down${level}.${index}`, c));
      return [...blocks, conv(`m_down${level}.2`, 2 * c, c, 2, c)];
    }),
    ...[0, 1].flatMap((index) => block(`m_body.${index}`, 256)),
    ...[3, 2, 1].flatMap((level) => {
      const c = 16 * 2 ** level;
      return [
        conv(`m_up${level}.0`, 2 * c, c, 2, 2 * c),
        ...[1, 2].flatMap((index) => block(`m_up${level}.${index}`, c)),
      ];
    }),
    conv('m_tail.0', 1, 32, 3, 32),
  ];
  return sketches.map(([name, dims, centre, spread], index) => {
    const count = dims.reduce((product, n) => product * n, 1);
    return { name, dims, values: weightValues(5000 + index, count, centre, spread) };
  });
}

export interface SurferFileOptions {
  /** Put before every name, as wrappers for several GPUs do. */
  readonly prefix?: string;
  readonly leaveOut?: string;
}

/**
 * A checkpoint as SURFER's training saved it: the state dictionary under `model_state_dict` beside other entries, and the tables of relative positions as
 * views of storages in another order, (z, y, x, head), as their constructor leaves them.
 */
export function surferFile(
  tensors: readonly SurferTensor[],
  { prefix = 'module.', leaveOut }: SurferFileOptions = {},
): Buffer {
  const pickle = new Pickle().raw(0x7d, 0x28).text('epoch').int(8).text('model_state_dict');
  pickle.global('collections', 'OrderedDict').raw(0x29, 0x52, 0x28);
  const data = new Map<string, Uint8Array>();
  for (const { name, dims, values } of tensors.filter((tensor) => tensor.name !== leaveOut)) {
    const key = String(data.size);
    pickle.text(`${prefix}${name}`);
    if (name.endsWith('relative_position_params')) {
      const [heads] = dims as readonly [number];
      pickle.tensor(key, dims, [1, 25 * heads, 5 * heads, heads]);
      const stored = new Float32Array(values.length);
      for (const [at, value] of values.entries()) stored[(at % 125) * heads + Math.floor(at / 125)] = value;
      data.set(key, new Uint8Array(stored.buffer));
    } else {
      pickle.tensor(key, dims);
      data.set(key, new Uint8Array(values.buffer));
    }
  }
  pickle.raw(0x75).text('loss');
  return torchFile(numpyNumber(pickle).raw(0x75).finish(), data);
}

/** A loss as training scripts keep it: a NumPy number, which asks for names beyond tensors. */
const numpyNumber = (pickle: Pickle): Pickle =>
  pickle
    .global('numpy.core.multiarray', 'scalar')
    .global('numpy', 'dtype')
    .text('f8')
    .raw(0x89, 0x88, 0x87, 0x52, 0x28)
    .int(3)
    .text('<')
    .raw(0x4e, 0x74, 0x62)
    .global('_codecs', 'encode')
    .text('?')
    .text('latin1')
    .raw(0x86, 0x52, 0x86, 0x52);
