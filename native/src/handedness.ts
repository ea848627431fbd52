import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

export interface HandednessInput {
  readonly map: Float32Array;
  /** Not 0 where the molecule is. */
  readonly mask: Uint8Array;
  readonly shape: Shape;
  /** Standard deviation of the blur that derivatives are taken of, voxels; 0.5 to 8. */
  readonly sigma: number;
  /** Edge of the blocks, voxels; 4 to 64. */
  readonly edge: number;
}

interface HandednessAddon {
  measureHandedness(task: HandednessInput & { control: ControlBlock; threads: number }): Promise<Float64Array>;
}

/**
 * How the density turns, for each block with voxels in the mask: the sum of the cube roots of det(g, Hg, H²g), with the gradient g
 * and the second derivatives H, and the sum that it can at most reach. A mirrored map has the same sums with the other sign.
 * Memory: (edge + 8 sigma)³ floats a thread.
 */
export async function measureHandedness(
  { map, mask, shape, sigma, edge }: HandednessInput,
  options: CallOptions = {},
): Promise<readonly { readonly turn: number; readonly size: number }[]> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  expectLength('The mask', mask, voxelCount(shape));
  if (!(sigma >= 0.5 && sigma <= 8))
    throw new NativeError('input.parameter', `The blur is ${sigma} voxels; give 0.5 to 8.`);
  if (!Number.isInteger(edge) || edge < 4 || edge > 64)
    throw new NativeError(
      'input.parameter',
      `The edge of the blocks is ${edge} voxels; give a whole number from 4 to 64.`,
    );
  const pairs = await controlled(options, (control, threads) =>
    addon<HandednessAddon>().measureHandedness({ map, mask, shape, sigma, edge, control, threads }),
  );
  return Array.from({ length: pairs.length / 2 }, (_, i) => ({
    turn: pairs[2 * i] as number,
    size: pairs[2 * i + 1] as number,
  }));
}
