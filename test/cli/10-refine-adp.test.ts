import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { simulateModel } from '@locscale/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../daemon/src/models/index.js';
import { writeVolume } from '../../daemon/src/volumes/index.js';
import { pdbText, type PdbAtom } from '../models/helpers/pdb.js';
import { randomNumbers } from '../native/helpers.js';
import { normal, recovery } from '../refinement/simulated.js';
import { cube, Workplace } from './locscale.js';

const grid = { ...cube(40), origin: [12, -3, 7.5] as [number, number, number] };
let workplace: Workplace;
let truth: Float32Array;

/** Atoms in a ball, B-factors rising along x; one of them a hydrogen. */
function ball(b: (x: number) => number): readonly PdbAtom[] {
  const random = randomNumbers(5);
  const middle = 0.5 * 40 * grid.voxelSize[0];
  return Array.from({ length: 400 }, (_, i) => {
    const [z, angle, radius] = [2 * random() - 1, 2 * Math.PI * random(), 10 * Math.cbrt(random())];
    const flat = radius * Math.sqrt(1 - z * z);
    const x = flat * Math.cos(angle);
    return {
      number: String(i + 1),
      position: [12 + middle + x, -3 + middle + flat * Math.sin(angle), 7.5 + middle + radius * z] as const,
      b: b(x).toFixed(2).padStart(6),
      ...(i === 3 ? { element: 'H', name: ' H  ' } : {}),
    };
  });
}

beforeAll(async () => {
  workplace = await Workplace.create();
  writeFileSync(workplace.path('true.pdb'), pdbText(ball((x) => 60 + 3 * x)));
  writeFileSync(workplace.path('model.pdb'), pdbText(ball(() => 20)));
  writeFileSync(workplace.path('none.pdb'), 'HEADER    NOTHING\nEND\n');
  writeFileSync(workplace.path('broken.cif'), "data_x\n_entry.id 'x\n");
  const far = ball(() => 20).map((atom) => ({ ...atom, position: [900, 900, 900] as const }));
  writeFileSync(workplace.path('far.pdb'), pdbText(far));
  writeFileSync(workplace.path('one.pdb'), pdbText(ball(() => 20).slice(0, 1)));
  const { atoms } = await readModel(workplace.path('true.pdb'));
  truth = atoms.bFactors;
  const { map } = await simulateModel(
    { ...atoms, occupancies: atoms.occupancies.map((q, i) => (i === 3 ? 0 : q)) },
    grid,
  );
  const random = randomNumbers(9);
  for (const name of ['half1.mrc', 'half2.mrc'])
    await writeVolume(workplace.path(name), { grid, voxels: map.map((value) => value + 0.05 * normal(random)) });
});
afterAll(() => workplace.close());

const halves = ['-hm', 'half1.mrc', 'half2.mrc'] as const;
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, out, error } = await workplace.run('refine-adp', ...args, '--json');
  expect({ code, error }, out).toEqual({ code: 0, error: '' });
  return JSON.parse(out) as Record<string, unknown>;
};

describe('locscale refine-adp', () => {
  it('writes refined B-factors into the column of the file, and says how the half maps agree', async () => {
    const found = await json('model.pdb', ...halves, '-o', 'refined.cif');
    expect(found).toMatchObject({ ok: true, engine: 'built-in', average: false, shift: null, outside: 0 });
    const { free } = found['halfMaps'] as { before: { free: number }; after: { free: number }; free?: never };
    expect(free).toBeUndefined();
    const { before, after } = found['halfMaps'] as Record<string, { work: number; free: number }>;
    expect(after?.free).toBeGreaterThan(before?.free ?? 1);
    expect((found['cycles'] as unknown[]).length).toBeGreaterThan(5);
    const { histogram, refined } = found['bFactors'] as { histogram: { counts: number[] }; refined: number };
    expect(refined).toBe(399);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(399);
    const { atoms } = await readModel(workplace.path('refined.cif'));
    expect(atoms.bFactors).toHaveLength(400);
    const { correlation, slope } = recovery(atoms.bFactors, truth);
    expect(correlation).toBeGreaterThan(0.9);
    expect(Math.abs(slope - 1)).toBeLessThan(0.25);
  });

  it('tells every cycle, and draws the distribution', async () => {
    const { code, out, error } = await workplace.run('refine-adp', 'model.pdb', ...halves, '-o', 'told.cif');
    expect(code, error).toBe(0);
    expect(error).toMatch(/^cycle 1: half map 1, restraint weight 0\.3, FSC work 0\.\d{4}, free 0\.\d{4}$/m);
    expect(error).toMatch(/^cycle \d+: all data, restraint weight [\d.]+, FSC 0\.\d{4}$/m);
    expect(out).toMatch(/^FSC work \(half map 1\): 0\.\d{4} → 0\.\d{4}; free \(half map 2\): 0\.\d{4} → 0\.\d{4}$/m);
    expect(out).toMatch(/^ *\d+ – +\d+ #+ +\d+$/m);
  });

  it('averages and shifts when asked to', async () => {
    const weight = ['--restraint_weight', '0.5'];
    const range = async (name: string): Promise<readonly [number, number]> => {
      const { bFactors } = (await readModel(workplace.path(name))).atoms;
      return [Math.min(...bFactors), Math.max(...bFactors)];
    };
    const plain = await json('model.pdb', ...halves, '-o', 'plain.cif', ...weight);
    expect(plain).toMatchObject({ average: false, shift: null, restraintWeight: 0.5 });
    const [least, most] = await range('plain.cif');
    const shifted = await json('model.pdb', ...halves, '-o', 'shifted.cif', ...weight, '--shift');
    const shift = shifted['shift'] as number;
    expect(shift).toBeGreaterThan(least);
    expect(await range('shifted.cif')).toEqual([0, expect.closeTo(most - shift, 1)]);
    // The model is smaller than the sphere of 25 Å, so that all means are the same.
    expect(await json('model.pdb', ...halves, '-o', 'smooth.cif', ...weight, '--average')).toMatchObject({
      average: true,
    });
    const [low, high] = await range('smooth.cif');
    expect(high - low).toBeLessThan(0.02);
    expect(low).toBeGreaterThan(least);
  });

  it('takes one map, and a mask', async () => {
    const [nz, ny, nx] = grid.shape;
    await writeVolume(workplace.path('mask.mrc'), { grid, voxels: new Float32Array(nz * ny * nx).fill(1) });
    const found = await json(
      '-mc',
      'model.pdb',
      '-em',
      'half1.mrc',
      '-ma',
      'mask.mrc',
      '-o',
      'one-map.cif',
      '--resolution',
      '4',
    );
    expect(found).toMatchObject({ halfMaps: null, trials: [], restraintWeight: 0.5, resolution: 4 });
  });

  it('warns when the B-factors say nothing', async () => {
    const { warnings } = (await json('one.pdb', ...halves, '-o', 'single.cif')) as { warnings: { kind: string }[] };
    expect(warnings.map(({ kind }) => kind)).toContain('refinement.range');
  });

  it.each([
    [['none.pdb', ...halves, '-o', 'x.cif'], /no atoms/],
    [['far.pdb', ...halves, '-o', 'x.cif'], /outside/],
    [['broken.cif', ...halves, '-o', 'x.cif'], /line 2/],
    [['model.pdb', '-o', 'x.cif'], /No map is given; give two half maps/],
    [['model.pdb', ...halves, '-em', 'half1.mrc', '-o', 'x.cif'], /Both half maps and a map are given/],
    [[...halves, '-o', 'x.cif'], /No model is given/],
    [['model.pdb', ...halves, '-o', 'x.mrc'], /expected \.cif/],
    [['model.pdb', ...halves, '-o', 'x.cif', '--resolution', '1'], /The resolution is 1 Å, expected/],
    [['model.pdb', ...halves, '-o', 'x.cif', '--refinement_engine', 'x'], /give built-in or servalcat/],
    [['model.pdb', ...halves, '-o', 'x.cif', '--restraint_weight', '-2'], /restraint_weight -2 is not usable/],
  ] as const)('refuses %j with one sentence, and writes nothing', async (args, expected) => {
    const { code, error } = await workplace.run('refine-adp', ...args);
    expect(code).not.toBe(0);
    expect(error).toMatch(expected);
    expect(existsSync(workplace.path('x.cif'))).toBe(false);
  });

  it('leaves the model as it is when it is named as the output', async () => {
    const text = readFileSync(workplace.path('broken.cif'), 'utf8');
    const { code } = await workplace.run('refine-adp', 'broken.cif', ...halves, '-o', 'broken.cif');
    expect(code).not.toBe(0);
    expect(readFileSync(workplace.path('broken.cif'), 'utf8')).toBe(text);
  });
});
