import type { Grid } from '@chimerax-like/rpc';
import { type Atoms, simulateModel, symmetrise } from '@locscale/native';
import { describe, expect, it } from 'vitest';
import { Runner } from '../runner.js';
import { spaceOperators, voxelOperators } from '../symmetry/operators.js';
import { parsePointGroup } from '../symmetry/point-group.js';
import { symmetricCopies } from './symmetric-copies.js';

const n = 48;
const grid: Grid = { shape: [n, n, n], voxelSize: [1.2, 1.2, 1.2], origin: [-7, 20, 3.5] };
const centre: readonly [number, number, number] = [n / 2, n / 2, n / 2];

/** A lump of atoms beside the centre, as one of the copies of a molecule has them. */
const lump: Atoms = {
  positions: Float64Array.from({ length: 3 * 60 }, (_, k) => {
    const [i, axis] = [Math.floor(k / 3), k % 3];
    const offset = [3 + (i % 5) * 1.9, 2 + (Math.floor(i / 5) % 4) * 2.1, 1.5 + Math.floor(i / 20) * 2.3][axis] ?? 0;
    return (grid.origin[axis] ?? 0) + (n / 2) * 1.2 + offset + 0.3 * Math.sin(11 * k);
  }),
  elements: Uint8Array.from({ length: 60 }, (_, i) => 6 + (i % 3)),
  bFactors: Float32Array.from({ length: 60 }, (_, i) => 60 + i),
  occupancies: new Float32Array(60).fill(1),
};

async function bothWays(group: string): Promise<{ readonly difference: number; readonly scale: number }> {
  const claim = { group, twoFold: 0, helix: null, centre: null };
  const copies = await new Runner({ copies: 1 }, {}).run(symmetricCopies, { claim, grid }, 'copies');
  const fromCopies = (await simulateModel(lump, grid, { copies, resolution: 5 })).map;
  const operators = voxelOperators(spaceOperators(parsePointGroup(group), null, grid), grid, centre);
  const averaged = await symmetrise((await simulateModel(lump, grid, { resolution: 5 })).map, grid.shape, operators);
  const rms = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  return { difference: rms(averaged.map((v, i) => v - (fromCopies[i] ?? 0))), scale: rms(averaged) };
}

describe('the map of a model’s symmetric copies', () => {
  it('is the symmetrised map of the model: exactly for D2, whose operators take voxels to voxels', async () => {
    const { difference, scale } = await bothWays('D2');
    expect(scale).toBeGreaterThan(0.001);
    // Rounding in single precision, and voxels at the faces of the box that have no image.
    expect(difference).toBeLessThan(2e-3 * scale);
  });

  it.each(['C3', 'D5', 'O'])('and as far as interpolation of maps goes for %s', async (group) => {
    const { difference, scale } = await bothWays(group);
    expect(difference).toBeLessThan(0.03 * scale);
  });
});
