import type { Grid, Warning } from '@chimerax-like/rpc';
import { applyRadialGain, measureHandedness, radialProfile } from '@locscale/native';
import type { Step } from '../context.js';
import { shellAxis } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';
import { operatorsOfClaim, type SymmetryClaim } from './symmetrise.js';

export interface HandednessInput {
  readonly voxels: Float32Array;
  /** Not 0 where the molecule is. */
  readonly mask: Uint8Array;
  readonly grid: Grid;
  /** Symmetry that the map is said to have; null for none. */
  readonly claim: SymmetryClaim | null;
  readonly threads: number | undefined;
}

/** Which way the density turns (docs/handedness.md). */
export type Handedness =
  | {
      readonly kind: 'measured';
      /** Share of what density can turn at most; above 0 in right-handed maps of proteins. */
      readonly turn: number;
      /** The same in standard errors, from the scatter between blocks. */
      readonly deviation: number;
      readonly blocks: number;
    }
  | { readonly kind: 'unmeasured'; readonly reason: string };

/** Details that tell hands: between 3.5 Å, where turns of helices and strands come apart, and what a blur of 1.3 Å leaves. Å. */
const [finest, blur] = [3.5, 1.3];
/** Parts of the molecule that are taken to be independent, Å. */
const blockEdge = 16;
const fewestBlocks = 20;
/** Measured maps whose hand is known reach +5 and more up to 3.8 Å, and stay between -1.5 and 2 at lower resolution. */
const [leastDeviation, leastTurn] = [-4, -0.004];

/** Looks which way the density turns, and warns when the map seems to be the mirror image of the molecule. */
export const checkHandedness: Step<HandednessInput, Handedness> = {
  name: 'checkHandedness',
  version: 1,
  unkeyed: ['threads'],
  keep: 'whole',
  run: async ({ voxels, mask, grid, claim, threads }, { signal, report, warn }) => {
    const voxelSize = meanVoxelSize(grid);
    if (2 * voxelSize > finest)
      return {
        kind: 'unmeasured',
        reason: `the voxel size of ${voxelSize.toFixed(2)} Å leaves no details of ${finest} Å`,
      };
    const options = { signal, threads };
    const { shape } = grid;
    const amplitudes = await radialProfile(voxels, shape, { signal });
    const axis = shellAxis(Math.max(...shape), voxelSize, 'none');
    const gains = amplitudes.map((amplitude, r) =>
      r > 0 && amplitude > 0 ? bandAt(axis[r] as number) / amplitude : 0,
    );
    const flat = await applyRadialGain(voxels, shape, { kind: 'shells', gains, beyond: 0 }, options);
    report(0.4);
    const edge = Math.max(4, Math.floor(blockEdge / voxelSize));
    const blocks = await measureHandedness({ map: flat, mask, shape, sigma: blur / voxelSize, edge }, options);
    if (blocks.length < fewestBlocks)
      return {
        kind: 'unmeasured',
        reason: `the molecule fills ${blocks.length} blocks of ${blockEdge} Å, fewer than ${fewestBlocks}`,
      };
    const copies = claim === null ? 1 : operatorsOfClaim(claim, grid).operators.length;
    const found = handednessOf(blocks, copies);
    if (found.deviation < leastDeviation && found.turn < leastTurn) warn(mirrorImage(found));
    return found;
  },
};

/** All details down to 3.5 Å alike, finer ones fading; f in 1/Å. */
const bandAt = (f: number): number => Math.exp(-Math.LN2 * (finest * f) ** 4 - (finest * f) ** 2 / 2);

type Measured = Extract<Handedness, { readonly kind: 'measured' }>;

/** The turn of all blocks, and its standard error as that of a ratio; copies by symmetry tell nothing new. */
export function handednessOf(
  blocks: readonly { readonly turn: number; readonly size: number }[],
  copies: number,
): Measured {
  const size = blocks.reduce((sum, block) => sum + block.size, 0);
  const turn = size > 0 ? blocks.reduce((sum, block) => sum + block.turn, 0) / size : 0;
  const squares = blocks.reduce((sum, block) => sum + (block.turn - turn * block.size) ** 2, 0);
  const error = size > 0 ? Math.sqrt(copies * squares) / size : 0;
  return { kind: 'measured', turn, deviation: error > 0 ? turn / error : 0, blocks: blocks.length };
}

const mirrorImage = ({ turn, deviation }: Measured): Warning => ({
  kind: 'map.hand',
  message: `The density turns the wrong way: its handedness is ${turn.toFixed(3)}, ${Math.abs(deviation).toFixed(0)} standard errors below 0, where right-handed maps lie above 0; the map is probably the mirror image of the molecule, so flip its hand if helices turn left in it, and run again.`,
});
