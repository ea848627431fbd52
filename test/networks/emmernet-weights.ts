import { weightValues } from './weight-values.js';

/** A weight by Keras's word, with PyTorch's dimensions: kernels (out, in, z, y, x), transposed ones (in, out, z, y, x). */
export interface Weight {
  readonly word: 'kernel' | 'bias' | 'alpha' | 'gamma' | 'beta';
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A block is a convolution with slopes and normalisation; `up` a transposed convolution, `plain` a convolution alone. */
export interface Block {
  readonly name: string;
  readonly kind: 'block' | 'up' | 'plain';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly stride: 1 | 2;
  /** The block that is joined behind the result of this `up`. */
  readonly skip?: string;
}

const block = (name: string, inChannels: number, outChannels: number, stride: 1 | 2 = 1): Block => ({
  name,
  kind: 'block',
  inChannels,
  outChannels,
  stride,
});
const up = (name: string, inChannels: number, outChannels: number, skip?: string): Block => ({
  name,
  kind: 'up',
  inChannels,
  outChannels,
  stride: 2,
  ...(skip === undefined ? {} : { skip }),
});

/** EMmerNet as its description lists it: 22,875,161 weights. */
export const emmernetBlocks: readonly Block[] = [
  block('conv1_1', 1, 32),
  block('conv1_2', 32, 32),
  block('conv1_3', 32, 32, 2),
  block('conv2_1', 32, 64),
  block('conv2_2', 64, 64),
  block('conv2_3', 64, 64, 2),
  block('conv3_1', 64, 128),
  block('conv3_2', 128, 128),
  block('conv3_3', 128, 128, 2),
  block('conv4_1', 128, 128),
  up('up1', 128, 128, 'conv3_1'),
  block('conv5_1', 256, 128),
  block('conv5_2', 128, 128),
  block('conv5_3', 128, 128),
  up('up2', 128, 64, 'conv2_1'),
  block('conv6_1', 128, 64),
  block('conv6_2', 64, 64),
  block('conv6_3', 64, 64),
  up('up3', 64, 32, 'conv1_1'),
  block('conv7_1', 64, 32),
  block('conv7_2', 32, 32),
  block('conv7_3', 32, 32),
  up('up4', 32, 16),
  block('conv8_1', 16, 8, 2),
  { name: 'last_layer', kind: 'plain', inChannels: 8, outChannels: 1, stride: 1 },
];

/** Weights of each block in the order of make_references.py, so that both sides hold the same numbers. */
export function emmernetWeights(): ReadonlyMap<string, readonly Weight[]> {
  let seed = 1;
  const next = (word: Weight['word'], dims: readonly number[], centre: number, spread: number): Weight => ({
    word,
    dims,
    values: weightValues(
      seed++,
      dims.reduce((product, n) => product * n, 1),
      centre,
      spread,
    ),
  });
  return new Map(
    emmernetBlocks.map(({ name, kind, inChannels, outChannels }) => {
      const channels = kind === 'up' ? [inChannels, outChannels] : [outChannels, inChannels];
      const weights = [
        next('kernel', [...channels, 5, 5, 5], 0, Math.sqrt(3 / (inChannels * 125))),
        next('bias', [outChannels], 0, 0.1),
      ];
      if (kind === 'block')
        weights.push(
          next('alpha', [outChannels], 0.25, 0.2),
          next('gamma', [outChannels], 1, 0.2),
          next('beta', [outChannels], 0, 0.1),
        );
      return [name, weights];
    }),
  );
}
