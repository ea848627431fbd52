import type { Model } from '../onnx/model.js';
import { NetworkFault } from '../fault.js';
import type { Dropout, GraphBuilder, Size, Value } from './graph-builder.js';

/** Cube of a network that does not say its own, voxels: that of LocScale. */
export const defaultCube: Size = [32, 32, 32];

/** How a network that finds context is applied to a map. */
export interface Segmentation {
  /** Voxels of the grid that it works on, Å. */
  readonly voxelSize: number;
  /** Distance of cubes, voxels of that grid. */
  readonly stride: number;
  /** How a map comes onto that grid: by its spectrum, or by a quadratic spline from corner to corner, as SURFER does. */
  readonly resampling: 'fourier' | 'quadratic';
  /** What comes out: a probability, or its logit. */
  readonly output: 'logit' | 'probability';
}

export type SourceFormat = 'keras' | 'pytorch' | 'onnx';

/** A network in the one form in which it is kept, with what the manifest says of it. */
export interface Converted {
  readonly format: SourceFormat;
  readonly model: Model;
  /** Channels, z, y, x of the cube that the network was made for. */
  readonly input: readonly [number, number, number, number];
  readonly output: readonly [number, number, number, number];
  readonly parameters: number;
  readonly dropouts: readonly Dropout[];
  /** Only of networks that find context (detergent, nanodiscs, membrane). */
  readonly segmentation?: Segmentation | undefined;
  /** What a user of the network should know of the conversion. */
  readonly notes: readonly string[];
}

/** Key of the list of random layers in the metadata of the ONNX file. */
export const dropoutsKey = 'locscale.dropouts';

export function finishGraph(
  format: SourceFormat,
  builder: GraphBuilder,
  input: Value,
  output: Value,
  notes: readonly string[],
  space: 'any' | 'fixed' = 'any',
): Converted {
  if (output.size.some((n, axis) => n !== input.size[axis]))
    throw new NetworkFault(
      `it turns a cube of ${input.size.join(' x ')} into one of ${output.size.join(' x ')}, and a network of maps keeps the size`,
    );
  const { dropouts, parameters } = builder;
  return {
    format,
    model: builder.finish(input, output, { [dropoutsKey]: JSON.stringify(dropouts) }, space),
    input: [input.channels, ...input.size],
    output: [output.channels, ...output.size],
    parameters,
    dropouts,
    notes,
  };
}
