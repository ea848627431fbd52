import { LocScaleError } from '@chimerax-like/rpc';
import type { Voxels } from './voxels.js';

/** Which voxels a veil hides, by the value that the veil's map has there. */
export type VeilRule =
  /** Below the threshold: confidence as a share. */
  | 'below'
  /** At the threshold and above: probability of detergent. */
  | 'at-least'
  /** |value| above 100 − threshold: pVDDT, which is 0 where density is sure and ±100 where it is not. */
  | 'doubtful';

/** Hides part of a map by another one. */
export interface Veil {
  /** The map that decides, by its slot. */
  readonly by: string;
  readonly rule: VeilRule;
  readonly threshold: number;
}

/** Copies `map` with all that the veils hide set to `hidden`, into `target` where that has the right length. */
export function drawVeils(
  map: Voxels,
  veils: readonly { readonly veil: Veil; readonly voxels: Voxels }[],
  hidden: number,
  target: Float32Array<ArrayBuffer> | undefined,
): Float32Array<ArrayBuffer> {
  const { values } = map;
  const result = target?.length === values.length ? target : new Float32Array(values.length);
  result.set(values);
  for (const { veil, voxels } of veils) {
    assertSameBox(map, voxels);
    const other = voxels.values;
    const { rule, threshold } = veil;
    if (rule === 'below')
      for (let i = 0; i < other.length; i++) if ((other[i] as number) < threshold) result[i] = hidden;
    if (rule === 'at-least')
      for (let i = 0; i < other.length; i++) if ((other[i] as number) >= threshold) result[i] = hidden;
    if (rule === 'doubtful')
      for (let i = 0; i < other.length; i++) if (Math.abs(other[i] as number) > 100 - threshold) result[i] = hidden;
  }
  return result;
}

function assertSameBox(map: Voxels, veil: Voxels): void {
  const seen = veil.grid.shape.join(' × ');
  const expected = map.grid.shape.join(' × ');
  if (seen === expected) return;
  throw new LocScaleError(
    'input.mismatch',
    `The map to hide by has ${seen} voxels, the map shown ${expected}; choose one that was made from the same map.`,
  );
}
