import { NetworkFault, shown } from '../fault.js';
import { float, type GraphBuilder, int, type Value } from './graph-builder.js';

export interface Affine {
  /** One number for each channel; null stands for ones. */
  readonly scale: Float32Array | null;
  /** Null stands for zeros. */
  readonly shift: Float32Array | null;
}

/** Mean and population variance over the channels of a group and over space, per cube; then scale and shift per channel. */
export function groupNormalisation(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  groups: number,
  epsilon: number,
  { scale, shift }: Affine,
): Value {
  const { channels } = input;
  if (groups < 1 || channels % groups !== 0)
    throw new NetworkFault(`the layer ${shown(layer)} divides ${channels} channels into ${groups} groups`);
  const name = builder.node(
    'GroupNormalization',
    layer,
    [
      input.name,
      builder.floats(`${layer}/scale`, [channels], scale ?? new Float32Array(channels).fill(1)),
      builder.floats(`${layer}/shift`, [channels], shift ?? new Float32Array(channels)),
    ],
    { num_groups: int(groups), epsilon: float(epsilon) },
  );
  return { ...input, name };
}

/** Batch normalisation with the statistics of the training, which is one scale and one shift per channel. */
export function batchNormalisation(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  epsilon: number,
  { scale, shift }: Affine,
  mean: Float32Array,
  variance: Float32Array,
): Value {
  const { channels } = input;
  const name = builder.node(
    'BatchNormalization',
    layer,
    [
      input.name,
      builder.floats(`${layer}/scale`, [channels], scale ?? new Float32Array(channels).fill(1)),
      builder.floats(`${layer}/shift`, [channels], shift ?? new Float32Array(channels)),
      builder.floats(`${layer}/mean`, [channels], mean),
      builder.floats(`${layer}/variance`, [channels], variance),
    ],
    { epsilon: float(epsilon) },
  );
  return { ...input, name };
}
