import type { Grid } from '@chimerax-like/rpc';
import { describe, expect, it } from 'vitest';
import { pseudoAtomColumns } from './columns.js';

const grid: Grid = { shape: [10, 20, 30], voxelSize: [1.5, 1.4, 1.3], origin: [10, -20, 30] };

describe('pseudo-atoms as columns of a model', () => {
  it('lie where the map lies', () => {
    const { positions } = pseudoAtomColumns(Float64Array.of(0, 0, 0, 2, 3, 4), grid);
    expect([...positions]).toEqual([10, -20, 30, 13, -20 + 3 * 1.4, 30 + 4 * 1.3]);
  });

  it('are carbon, nitrogen and oxygen in LocScale’s shares, in every run of a hundred', () => {
    const { elements, names, atomNames } = pseudoAtomColumns(new Float64Array(3000), grid);
    for (let from = 0; from < 1000; from += 100) {
      const run = elements.slice(from, from + 100);
      const counts = [6, 7, 8].map((element) => run.filter((found) => found === element).length);
      [63, 17, 20].forEach((expected, i) => expect(Math.abs((counts[i] ?? 0) - expected)).toBeLessThanOrEqual(1));
    }
    const symbols: Readonly<Record<number, string>> = { 6: 'C', 7: 'N', 8: 'O' };
    elements.forEach((element, i) => expect(atomNames[names[i] ?? 9]).toBe(symbols[element]));
  });

  it('are marked as such, a residue each, counted on beyond 9,999', () => {
    const columns = pseudoAtomColumns(new Float64Array(36_000), grid);
    expect(columns.compoundNames).toEqual(['DUM']);
    expect(columns.heteros.every((hetero) => hetero === 1)).toBe(true);
    expect(columns.residueNumbers[11_999]).toBe(12_000);
    expect(new Set(columns.residues).size).toBe(12_000);
  });
});
