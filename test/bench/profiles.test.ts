import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAtoms } from '../../bench/profiles/src/deposited.js';
import { type Experiment, simulate } from '../../bench/profiles/src/experiment.js';
import { judge, quantile, relativeDifference } from '../../bench/profiles/src/judge.js';
import { measure } from '../../bench/profiles/src/measure.js';
import { randomlyOriented, turned, turnNames } from '../../bench/profiles/src/turns.js';
import { createRandom } from '../../demo/dist/random.js';
import { buildStructure } from '../../demo/dist/structure/structure.js';

const folder = mkdtempSync(join(tmpdir(), 'locscale-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pdb = [
  'ATOM      1  CA AALA A   1      11.104   6.134  -6.504  0.50 12.50           C',
  'ATOM      2  CA BALA A   1      12.104   6.134  -6.504  0.50 12.50           C',
  'ATOM      3  H   ALA A   1      10.104   6.134  -6.504  1.00 12.50           H',
  'ATOM      4  N   ALA A   1       8.104   6.134  -6.504  1.00  0.50           N',
  'HETATM    5  O   HOH A   2       1.000   2.000   3.000  1.00 30.00           O',
  'ENDMDL',
  'ATOM      1  CA  ALA A   1      99.000   6.134  -6.504  1.00 12.50           C',
];
describe('which profile comes nearer to the truth: the measurement', () => {
  it('reads polymers, one model, one conformation, with their B-factors', async () => {
    const path = join(folder, 'a.pdb');
    writeFileSync(path, [...pdb, ''].join('\n'));
    const [first, second, ...more] = await readAtoms(path);
    expect(first).toMatchObject({ element: 'C', bFactor: 12.5 });
    expect(first?.position.map((x) => x.toFixed(3))).toEqual(['11.104', '6.134', '-6.504']);
    expect(second).toMatchObject({ element: 'N', bFactor: 5 });
    expect(more).toEqual([]);
  });

  it('turns axes round about index 0, and back', () => {
    const array = Float32Array.from({ length: 24 }, (_, i) => i);
    const shape = [2, 3, 4] as const;
    expect([...turned(array, shape, 'x turned round').subarray(0, 4)]).toEqual([0, 3, 2, 1]);
    expect([...turned(array, shape, 'y turned round').subarray(4, 8)]).toEqual([8, 9, 10, 11]);
    for (const turn of turnNames) expect(turned(turned(array, shape, turn), shape, turn)).toEqual(array);
  });

  it('turns structures without stretching or mirroring them', () => {
    const atoms = buildStructure({ seed: 1 }).slice(0, 4);
    const triple = (list: typeof atoms): number => {
      const [o, a, b, c] = list.map(({ position }) => position);
      if (!o || !a || !b || !c) throw new Error('four atoms are needed');
      const [u, v, w] = [a, b, c].map((p) => p.map((x, i) => x - (o[i] ?? 0))) as [number[], number[], number[]];
      const cross = [0, 1, 2].map((i) => {
        const [j, k] = [(i + 1) % 3, (i + 2) % 3];
        return (v[j] ?? 0) * (w[k] ?? 0) - (v[k] ?? 0) * (w[j] ?? 0);
      });
      return u.reduce((sum, x, i) => sum + x * (cross[i] ?? 0), 0);
    };
    const oriented = randomlyOriented(atoms, createRandom(5));
    expect(oriented[1]?.position).not.toEqual(atoms[1]?.position);
    expect(triple(oriented)).toBeCloseTo(triple(atoms), 8);
  });

  it('gives quantiles and differences', () => {
    expect(quantile(Float64Array.of(4, 1, 3, 2), 0.5)).toBe(3);
    const [a, b] = [Float32Array.of(3, 4, 9), Float32Array.of(3, 9, 0)];
    expect(relativeDifference(a, b, Uint8Array.of(1, 1, 0))).toBeCloseTo(1, 12);
  });

  it('finds the truth nearest to itself, and both scaled maps nearer to it than the map', async () => {
    const structure = buildStructure({ seed: 2 }).slice(0, 500);
    const experiment: Experiment = await simulate('part', structure, 1);
    const truth = await judge(experiment.truth, experiment);
    expect(truth.correlation).toBeCloseTo(1, 6);
    expect(truth.fsc).toBeCloseTo(1, 6);
    expect(quantile(truth.local, 0)).toBeCloseTo(1, 6);
    const before = await judge(experiment.map, experiment);
    const { octant, shell, better, octantTurned, shellTurned, profiles } = await measure(experiment, 'ideal');
    for (const { correlation, fsc } of [octant, shell]) {
      expect(correlation).toBeGreaterThan(before.correlation + 0.02);
      expect(correlation).toBeLessThan(1);
      expect(fsc).toBeGreaterThan(before.fsc - 0.05);
    }
    expect(better).toBeGreaterThan(0);
    expect(better).toBeLessThan(1);
    expect(profiles).toBeGreaterThan(1e-3);
    expect(shellTurned).toBeLessThan(octantTurned);
  });
});
