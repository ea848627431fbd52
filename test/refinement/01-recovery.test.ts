import type { Grid } from '@chimerax-like/rpc';
import { refineAdp, type Atoms, type RefineAdpInput } from '@locscale/native';
import { describe, expect, it } from 'vitest';
import { refinementResolution } from '../../daemon/src/engine/refinement/resolution.js';
import { readModel } from '../../daemon/src/models/index.js';
import { modelsFolder, modelsMissing } from '../models/helpers/shared-models.js';
import {
  boxEdge,
  pick,
  recovery,
  simulated,
  smoothRecovery,
  type Recovery,
  type Simulated,
  type Simulation,
} from './simulated.js';

/** 5,313 atoms of a protein complex. */
const path = `${modelsFolder}3HXR.pdb.gz`;
const reason = modelsMissing ? ' (skipped: ../shared/data/models is not there)' : '';

const maps = async (simulation: Simulation): Promise<Simulated> => simulated((await readModel(path)).atoms, simulation);

interface Found {
  readonly atoms: Recovery;
  readonly smooth: Recovery;
}

/** Refines with one B-factor to begin with, and compares with the truth; FSC free must have risen. */
async function refined(
  { atoms, grid, half1, half2 }: Simulated,
  resolution: number,
  some: Atoms = atoms,
): Promise<Found> {
  const blank = { ...some, bFactors: new Float32Array(some.bFactors.length).fill(40) };
  const input: RefineAdpInput = { atoms: blank, grid, maps: [half1, half2], resolution };
  const result = await refineAdp(input);
  const chosen = result.trials.find(({ restraintWeight }) => restraintWeight === result.restraintWeight);
  expect(chosen?.free).toBeGreaterThan((result.halfMapsBefore?.free ?? 1) + 0.005);
  expect(result.fsc).toBeGreaterThan(result.fscBefore);
  // The least weight that costs at most 1.5 % of the gain.
  const start = result.halfMapsBefore?.free ?? NaN;
  const most = Math.max(...result.trials.map(({ free }) => free));
  const near = result.trials.filter(({ free }) => free >= most - 0.015 * (most - start));
  expect(result.restraintWeight).toBe(Math.min(...near.map(({ restraintWeight }) => restraintWeight)));
  return {
    atoms: recovery(result.bFactors, some.bFactors),
    smooth: await smoothRecovery(result.bFactors, some),
  };
}

const grids = {
  fine: { edge: 160, voxelSize: 1 },
  usual: { edge: 144, voxelSize: 1.1 },
} as const;

describe.skipIf(modelsMissing)(`B-factors of a protein, found again${reason}`, () => {
  // Limits of the work order: error of 25 Å means (Å²), correlation atom by atom, and with 5 % scatter the same.
  it.each([
    { resolution: 2.5, grid: grids.fine, error: 0.6, correlation: 0.99, scattered: 0.95 },
    { resolution: 3.5, grid: grids.usual, error: 0.6, correlation: 0.98, scattered: 0.93 },
    { resolution: 4.5, grid: grids.usual, error: 1.2, correlation: 0.95, scattered: 0.8 },
  ])('from white noise at $resolution Å', async ({ resolution, grid, error, correlation, scattered }) => {
    const smooth = await refined(await maps({ resolution, ...grid }), resolution);
    expect(smooth.smooth.error).toBeLessThan(error);
    expect(smooth.atoms.correlation).toBeGreaterThan(correlation);
    // Restraints do not flatten slow differences.
    expect(Math.abs(smooth.smooth.slope - 1)).toBeLessThan(0.04);
    const rough = await refined(await maps({ resolution, ...grid, scatter: 0.05 }), resolution);
    expect(rough.atoms.correlation).toBeGreaterThan(scattered);
  });

  // What the half maps have in common near the model reaches further than their FSC over a box that is mostly solvent.
  it('from white noise at 4.5 Å in a box, of protein and DNA, with the resolution that the program chooses', async () => {
    const model = (await readModel(`${modelsFolder}1J59.cif.gz`)).atoms;
    const simulation = { resolution: 4.5, edge: boxEdge(model, 1.1), voxelSize: 1.1 };
    const all = await simulated(model, simulation);
    const { shape, voxelSize, origin } = all.grid;
    const grid: Grid = { shape: [...shape], voxelSize: [...voxelSize], origin: [...origin] };
    const maps = { kind: 'half maps', half1: all.half1, half2: all.half2 } as const;
    const input = { maps, grid, atoms: all.atoms, asked: undefined };
    const resolution = await refinementResolution(input, new AbortController().signal);
    expect(resolution).toBeLessThan(3.6);
    const { atoms, smooth } = await refined(all, resolution);
    expect(smooth.error).toBeLessThan(1);
    expect(Math.abs(smooth.slope - 1)).toBeLessThan(0.04);
    expect(atoms.correlation).toBeGreaterThan(0.97);
  });

  it('from noise that is ten times stronger at low resolution', async () => {
    // exp(100 / 4 / 3.5²) = 7.7 in amplitude.
    const { atoms, smooth } = await refined(await maps({ resolution: 3.5, ...grids.usual, noiseB: 100 }), 3.5);
    expect(smooth.error).toBeLessThan(1.2);
    expect(atoms.correlation).toBeGreaterThan(0.97);
    expect(Math.abs(smooth.slope - 1)).toBeLessThan(0.06);
  });

  it('with a fifth of the atoms missing from the model, under white and coloured noise', async () => {
    for (const noiseB of [undefined, 100]) {
      const all = await maps({ resolution: 3.5, ...grids.usual, ...(noiseB === undefined ? {} : { noiseB }) });
      const x = Float64Array.from(all.atoms.elements, (_, i) => all.atoms.positions[3 * i] ?? 0).sort();
      const limit = x[Math.floor(0.8 * x.length)] ?? 0;
      const { atoms, smooth } = await refined(
        all,
        3.5,
        pick(all.atoms, (at) => at < limit),
      );
      expect(smooth.error).toBeLessThan(1.2);
      expect(atoms.correlation).toBeGreaterThan(0.97);
      expect(Math.abs(smooth.slope - 1)).toBeLessThan(0.07);
    }
  });
});
