import { buildPseudoAtoms, countReaching, NativeError, type PseudoAtomInput, type Shape } from '@locscale/native';
import { describe, expect, it } from 'vitest';
import { atomsOf, between, blobCase, ellipsoid, isInside, type Triple, voxelsOf } from './pseudo-atom-cases.js';
import { energyOf, locscaleStepping } from './pseudo-atom-oracles.js';
import { randomMap } from './helpers.js';

const nearestOf = (atoms: readonly Triple[]): readonly number[] =>
  atoms.map((p, i) => Math.min(...atoms.map((q, j) => (i === j ? Infinity : between(p, q)))));
const share = (values: readonly number[], test: (value: number) => boolean): number =>
  values.filter(test).length / values.length;
const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? NaN;

describe('voxels of a mask', () => {
  it('count from the threshold on, NaN never', async () => {
    expect(await countReaching(Float32Array.of(0.98, 0.99, 1, NaN, -1, 0.99), 0.99)).toBe(3);
  });
});

describe('settling atoms', () => {
  const task = blobCase();
  const built = buildPseudoAtoms(task);

  it('leaves all of them in the mask, at the preferred distance or beyond', async () => {
    const atoms = atomsOf(await built);
    expect(atoms).toHaveLength(150);
    expect(atoms.filter((p) => !isInside(task.mask, p))).toEqual([]);
    expect(Math.min(...nearestOf(atoms))).toBeGreaterThanOrEqual(task.distance);
  });

  it('goes downhill all the way and comes to rest', async () => {
    const { energy, meanStep, closeContacts, inside, settled } = await built;
    expect(settled).toBe(true);
    const rises = energy.slice(1).filter((value, i) => !(value <= (energy[i] ?? NaN)));
    expect([...rises]).toEqual([]);
    expect(energy.at(-1)).toBeLessThan((energy[0] ?? NaN) - 1000);
    expect(energy.length).toBeLessThan(task.iterations);
    meanStep.slice(-5).forEach((step) => expect(step).toBeLessThan(2e-3 * task.distance));
    expect(closeContacts.at(-1)).toBe(0);
    expect([...inside]).toEqual(Array.from(inside, () => 150));
  });

  it('has the energy, and tells the distances, that a loop over all pairs finds', async () => {
    const { energy, nearest, medianNeighbour } = await built;
    const atoms = atomsOf(await built);
    expect(energy.at(-1)).toBeCloseTo(energyOf(task, atoms), 6);
    const start = await buildPseudoAtoms({ ...task, iterations: 0 });
    expect(start.energy[0]).toBeCloseTo(energyOf(task, atomsOf(start)), 6);
    const expected = nearestOf(atoms).map((r) => (r > 3 * task.distance ? Infinity : r));
    expected.forEach((r, i) => expect(nearest[i]).toBeCloseTo(r, 5));
    expect(medianNeighbour.at(-1)).toBeCloseTo(median(expected), 6);
  });

  it('rests where no small step of an atom lowers the energy by much', async () => {
    const atoms = atomsOf(await built);
    const own = energyOf(task, atoms);
    for (const i of [0, 70, 149])
      for (const axis of [0, 1, 2])
        for (const by of [-0.02, 0.02]) {
          const moved = atoms.map((p, j) =>
            i === j ? (p.map((v, k) => (k === axis ? v + by : v)) as unknown as Triple) : p,
          );
          if (isInside(task.mask, moved[i] as Triple)) expect(energyOf(task, moved) - own).toBeGreaterThan(-0.05);
        }
  });

  it('finds the places of known atoms', async () => {
    const apart = (atoms: readonly Triple[]): readonly number[] =>
      atoms.map((p) => Math.min(...task.truth.map((q) => between(p, q))));
    const start = apart(atomsOf(await buildPseudoAtoms({ ...task, iterations: 0 })));
    const end = apart(atomsOf(await built));
    const stepped = apart(atomsOf(await buildPseudoAtoms({ ...task, solver: 'locscale-steps', iterations: 50 })));
    expect(median(start)).toBeGreaterThan(1.5);
    expect(median(end)).toBeLessThan(0.75);
    expect(median(end)).toBeLessThan(median(stepped));
    const found = (atoms: readonly Triple[]): number =>
      share(
        task.truth.map((q) => Math.min(...atoms.map((p) => between(p, q)))),
        (d) => d < 1,
      );
    expect(found(atomsOf(await built))).toBeGreaterThan(0.6);
  });

  it('is the same to the bit for any number of threads, and another for another seed', async () => {
    const many = { ...task, atoms: 900, distance: 0.9, iterations: 40 };
    const one = await buildPseudoAtoms(many, { threads: 1 });
    for (const threads of [2, 5]) expect(await buildPseudoAtoms(many, { threads })).toEqual(one);
    const other = await buildPseudoAtoms({ ...many, seed: 43 });
    expect(other.positions).not.toEqual(one.positions);
    expect(Math.abs(median([...other.medianNeighbour]) / median([...one.medianNeighbour]) - 1)).toBeLessThan(0.1);
  });

  it('does not depend on the scale of the map', async () => {
    const short = { ...task, iterations: 20 };
    const scaled = { ...short, map: task.map.map((value) => value * 1024) };
    expect((await buildPseudoAtoms(scaled)).positions).toEqual((await buildPseudoAtoms(short)).positions);
  });

  it('needs no density: atoms then keep their distance and stay', async () => {
    const { settled, ...rest } = await buildPseudoAtoms({ ...task, map: voxelsOf(() => 3), iterations: 3000 });
    const atoms = atomsOf(rest);
    expect(settled).toBe(true);
    expect(share([...nearestOf(atoms)], (r) => r < 0.99 * task.distance)).toBe(0);
    expect(atoms.filter((p) => !isInside(task.mask, p))).toEqual([]);
  });

  it('serves voxels that hold more than one atom, a mask that fills the box, and noise', async () => {
    const box: Shape = [12, 13, 14];
    const coarse = { ...task, shape: box, map: randomMap(12 * 13 * 14, 3), mask: voxelsOf(() => 1, box) };
    const found = await buildPseudoAtoms({ ...coarse, atoms: 1400, distance: 0.4 });
    expect(found.settled).toBe(true);
    expect(atomsOf(found).every(([x, y, z]) => Math.min(x, y, z) >= 1.5 && x < 11.5 && y < 10.5 && z < 9.5)).toBe(true);
    expect(found.closeContacts.at(-1)).toBe(0);
  });
});

describe('LocScale’s stepping', () => {
  const task = blobCase({ solver: 'locscale-steps', distance: 1.1 });

  it('is that of its formulas, step by step', async () => {
    const start = atomsOf(await buildPseudoAtoms({ ...task, iterations: 0 }));
    for (const iterations of [1, 2, 3, 8]) {
      const seen = atomsOf(await buildPseudoAtoms({ ...task, iterations }));
      const expected = locscaleStepping(task, start, iterations);
      expect(Math.max(...seen.map((p, i) => between(p, expected[i] as Triple)))).toBeLessThan(1e-8);
    }
  });

  it('starts in as many different voxels and does not come to rest', async () => {
    const start = atomsOf(await buildPseudoAtoms({ ...task, iterations: 0 }));
    expect(new Set(start.map((p) => p.map((v) => Math.floor(v + 0.5)).join())).size).toBe(150);
    const { meanStep, settled, energy } = await buildPseudoAtoms({ ...task, iterations: 50 });
    expect(settled).toBe(false);
    expect(meanStep).toHaveLength(51);
    expect(meanStep.at(-1)).toBeGreaterThan(0.05);
    expect(energy.every(Number.isNaN)).toBe(true);
  });

  it('has no pull at all from a map so steep that its weight rounds to 0', async () => {
    const steep = { ...task, map: task.map.map((value) => value * 1e4), iterations: 1 };
    const flat = { ...task, map: voxelsOf(() => 0), iterations: 1 };
    expect((await buildPseudoAtoms(steep)).positions).toEqual((await buildPseudoAtoms(flat)).positions);
  });

  it('is the same to the bit for any number of threads', async () => {
    const one = await buildPseudoAtoms({ ...task, iterations: 10 }, { threads: 1 });
    expect(await buildPseudoAtoms({ ...task, iterations: 10 }, { threads: 4 })).toEqual(one);
  });
});

describe('kicking atoms', () => {
  const task = blobCase({ solver: 'kick', atoms: 700, distance: 1.1, iterations: 99 });

  it('drives all neighbours apart and leaves no atom outside the mask', async () => {
    const { settled, closeContacts, ...rest } = await buildPseudoAtoms(task);
    const atoms = atomsOf(rest);
    expect(closeContacts[0]).toBeGreaterThan(100);
    expect(settled).toBe(true);
    expect(Math.min(...nearestOf(atoms))).toBeGreaterThan(task.distance);
    expect(atoms.filter((p) => !isInside(task.mask, p))).toEqual([]);
    expect([...rest.meanStep.slice(-3)]).toEqual([0, 0, 0]);
  });

  it('lets them leave it as LocScale does, when asked to', async () => {
    const { inside, settled } = await buildPseudoAtoms({ ...task, solver: 'locscale-kick' });
    expect(settled).toBe(true);
    expect(inside.at(-1)).toBeLessThan(700);
    expect(inside.at(-1)).toBeGreaterThan(650);
  });

  it('ends at once where nothing is to be done', async () => {
    const { meanStep } = await buildPseudoAtoms({ ...task, atoms: 2 });
    expect([...meanStep]).toEqual([0, 0]);
  });
});

describe('what cannot be done', () => {
  const task = blobCase();
  const refusals: readonly (readonly [string, Partial<PseudoAtomInput>, RegExp])[] = [
    ['an empty mask', { mask: voxelsOf(() => 0.5) }, /No voxel of the mask.*reaches 0\.99/],
    [
      'too many atoms for the volume',
      { atoms: 9000 },
      /9000 atoms at the preferred distance would fill 5\d % of the mask/,
    ],
    [
      'more atoms than voxels, for LocScale’s start',
      { atoms: 14_000, solver: 'kick', distance: 0.1 },
      /14000 atoms .* voxels/,
    ],
    ['a distance of 0', { distance: 0 }, /distance of pseudo-atoms is 0 voxels/],
    ['a negative distance', { distance: -1.2 }, /distance of pseudo-atoms is -1\.2 voxels/],
    ['no atoms', { atoms: 0 }, /number of pseudo-atoms is 0/],
    ['a broken number of iterations', { iterations: 1.5 }, /number of iterations is 1\.5/],
    ['a seed below 0', { seed: -1 }, /seed is -1/],
    ['a threshold of 0', { threshold: 0 }, /threshold of the mask is 0/],
    ['a mask of another box', { mask: new Float32Array(8) }, /The mask holds 8 voxels/],
  ];

  it.each(refusals)('is said in one sentence: %s', async (_, changes, sentence) => {
    const failure = await buildPseudoAtoms({ ...task, ...changes }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NativeError);
    expect((failure as Error).message).toMatch(sentence);
    expect((failure as Error).message).toMatch(/^[^\n]*[^.]\.$/);
  });

  it.each(['settle', 'locscale-steps', 'kick'] as const)('stops soon when cancelled: %s', async (solver) => {
    const big: Shape = [96, 96, 96];
    const stop = new AbortController();
    const many = { shape: big, map: randomMap(96 ** 3, 5), mask: ellipsoid(big), threshold: 0.99, seed: 1 };
    // So dense that kicking does not come to its end.
    const run = buildPseudoAtoms(
      { ...many, atoms: 30_000, distance: 1.6, solver, iterations: 100_000 },
      { signal: stop.signal, threads: 1 },
    );
    const began = performance.now();
    setTimeout(() => stop.abort(), 300);
    await expect(run).rejects.toMatchObject({ kind: 'job.cancelled' });
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    await buildPseudoAtoms({ ...task, iterations: 30 }, { onProgress: (fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    expect(share(seen, (fraction) => fraction >= 0 && fraction <= 1)).toBe(1);
  });
});
