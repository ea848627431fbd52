import type { Grid } from '@chimerax-like/rpc';
import { type Atoms, meanProteinAtom, refineAdp, simulateModel } from '@locscale/native';
import { describe, expect, it } from 'vitest';
import { pseudoAtomColumns } from './columns.js';
import { pseudoMarks, scatterers } from './scatterers.js';

const grid: Grid = { shape: [40, 40, 40], voxelSize: [1, 1, 1], origin: [0, 0, 0] };
/** Points of a crooked lattice about 2 Å apart, in the middle of the box. */
const positions = Float64Array.from({ length: 3 * 512 }, (_, k) => {
  const [i, axis] = [Math.floor(k / 3), k % 3];
  return 12 + 2 * (Math.floor(i / 8 ** axis) % 8) + 0.4 * Math.sin(7 * k);
});
const truth = Float32Array.from({ length: 512 }, (_, i) => 40 + 4 * ((positions[3 * i] ?? 0) - 12));
const columns = pseudoAtomColumns(positions, grid);
const all = new Uint8Array(512).fill(1);

const rms = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe('pseudo-atoms', () => {
  it('are marked by the residue that their files give them', () => {
    expect(pseudoMarks(columns)).toEqual(all);
    expect(pseudoMarks({ ...columns, compoundNames: ['HOH'] })).toBeUndefined();
    const half = { ...columns, compoundNames: ['DUM', 'ALA'], residueNames: Uint32Array.from(all, (_, i) => i % 2) };
    expect(pseudoMarks(half)).toEqual(Uint8Array.from(all, (_, i) => 1 - (i % 2)));
  });

  it('scatter as 0.63 C + 0.17 N + 0.20 O, whatever element they are written as', async () => {
    const atoms: Atoms = { ...columns, bFactors: truth };
    expect(scatterers(atoms, undefined)).toBe(atoms);
    const { map } = await simulateModel(scatterers(atoms, all), grid);
    const sum = new Float32Array(map.length);
    for (const [element, share] of [
      [6, 0.63],
      [7, 0.17],
      [8, 0.2],
    ] as const) {
      const one = {
        ...atoms,
        elements: new Uint8Array(512).fill(element),
        occupancies: new Float32Array(512).fill(share),
      };
      const part = (await simulateModel(one, grid)).map;
      part.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value));
    }
    expect(rms(map.map((value, i) => value - (sum[i] ?? 0)))).toBeLessThan(3e-4 * rms(sum));
  });

  it('of a map of mean atoms get smoother B-factors than the same as carbon, nitrogen and oxygen', async () => {
    const { map } = await simulateModel(
      { ...columns, bFactors: truth, elements: all.map(() => meanProteinAtom) },
      grid,
    );
    const refined = async (atoms: Atoms): Promise<number> => {
      const input = { atoms, grid, maps: [map], pseudo: all, resolution: 3, restraintWeight: 0.3 } as const;
      const { bFactors } = await refineAdp(input);
      const difference = bFactors.map((b, i) => b - (truth[i] ?? 0));
      const mean = difference.reduce((a, b) => a + b, 0) / 512;
      return rms(difference.map((d) => d - mean));
    };
    const [mean, lots] = [await refined(scatterers(columns, all)), await refined(columns)];
    expect(mean).toBeLessThan(2);
    expect(lots).toBeGreaterThan(2 * mean);
  });
});
