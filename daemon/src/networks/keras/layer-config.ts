import { z } from 'zod';
import { NetworkFault, shown } from '../fault.js';
import type { Padding, Window } from '../graph/convolution.js';
import type { Size } from '../graph/graph-builder.js';
import type { Margins } from '../graph/resizing.js';
import type { KerasLayer } from './config.js';

/** A whole number that a layer may have per axis; more than a thousand is no network but an attack on the memory. */
const count = z.int().min(1).max(1024);
const triple = z.tuple([count, count, count]);
const sizes = z.union([triple, count.transform((n): [number, number, number] => [n, n, n])]);
const pair = z.tuple([z.int().min(0).max(1024), z.int().min(0).max(1024)]);
const finite = z.number();

const fields = {
  filters: z.int().min(1).max(65_536),
  kernel_size: sizes,
  pool_size: sizes,
  size: sizes,
  strides: sizes.nullable(),
  dilation_rate: sizes.default([1, 1, 1]),
  groups: z.int(),
  use_bias: z.boolean().default(true),
  padding: z.enum(['same', 'valid']),
  activation: z.string().nullable(),
  rate: finite,
  stddev: finite,
  epsilon: finite.positive(),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
  alpha: finite,
  axis: z.union([
    z.int(),
    z
      .array(z.int())
      .length(1)
      .transform(([axis]) => axis as number),
  ]),
  shared_axes: z.array(z.int().min(1).max(4)).nullable(),
  max_value: finite.nullable(),
  negative_slope: finite.nullable(),
  threshold: finite.nullable(),
  /** One decision for each channel of each cube. */
  noise_shape: z.tuple([z.null(), z.literal(1), z.literal(1), z.literal(1), count.nullable()]).nullish(),
  output_padding: z.null().optional(),
  data_format: z.literal('channels_last').nullable().default('channels_last'),
} as const;
type Fields = { readonly [K in keyof typeof fields]: z.infer<(typeof fields)[K]> };

/** What the file gives, as JSON that fits a sentence. */
const spelled = (given: unknown): string => (given === undefined ? 'nothing' : JSON.stringify(given).slice(0, 80));

/** One checked entry of a layer's configuration; `otherwise` stands for one that the file leaves out. */
export function setting<K extends keyof Fields>(layer: KerasLayer, name: K, otherwise?: Fields[K]): Fields[K] {
  const given = layer.config[name];
  if (given === undefined && otherwise !== undefined) return otherwise;
  const parsed = fields[name].safeParse(given);
  if (parsed.success) return parsed.data as Fields[K];
  throw new NetworkFault(
    `the layer ${shown(layer.name)} (${layer.type}) has ${name} = ${spelled(given)}, which cannot be converted`,
  );
}

/** Kernel, stride, dilation and padding of a convolution or a pooling layer. */
export function windowOf(layer: KerasLayer, kernelName: 'kernel_size' | 'pool_size'): Window {
  const kernel: Size = setting(layer, kernelName);
  const padding: Padding = setting(layer, 'padding', 'valid');
  // Pooling windows that name no stride move by their own size.
  const stride: Size = setting(layer, 'strides', null) ?? (kernelName === 'pool_size' ? kernel : [1, 1, 1]);
  return { kernel, stride, dilation: setting(layer, 'dilation_rate'), padding };
}

/** Samples to add or to cut, for each axis before and behind. */
export function marginsOf(layer: KerasLayer, name: 'padding' | 'cropping'): Margins {
  const parsed = z
    .union([
      z.tuple([pair, pair, pair]),
      z.tuple([z.int().min(0), z.int().min(0), z.int().min(0)]).transform((by): Margins => [
        [by[0], by[0]],
        [by[1], by[1]],
        [by[2], by[2]],
      ]),
    ])
    .safeParse(layer.config[name]);
  if (!parsed.success)
    throw new NetworkFault(`the layer ${shown(layer.name)} (${layer.type}) has a ${name} that cannot be converted`);
  return parsed.data;
}

/** The cube that goes in, from `batch_input_shape` (Keras 2) or `batch_shape` (Keras 3): (batch, z, y, x, channels). */
export function inputShape(layer: KerasLayer): { readonly channels: number; readonly size: Size | null } {
  const given = layer.config['batch_input_shape'] ?? layer.config['batch_shape'];
  const axis = count.nullable();
  const parsed = z.tuple([z.unknown(), axis, axis, axis, z.int().min(1).max(65_536)]).safeParse(given);
  if (!parsed.success)
    throw new NetworkFault(
      `its input ${shown(layer.name)} has the shape ${spelled(given)}, and (batch, z, y, x, channels) was expected`,
    );
  const [, z_, y, x, channels] = parsed.data;
  return { channels, size: z_ === null || y === null || x === null ? null : [z_, y, x] };
}
