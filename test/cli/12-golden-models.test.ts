import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel, writeModel } from '../../daemon/src/models/index.js';
import { goldenFile, goldenFolder, goldenMissing, voxelsOf } from './golden.js';
import { lowerHalf } from '../models/helpers/subset.js';
import { Workplace } from './locscale.js';
import { pearson } from './pearson.js';

describe.skipIf(goldenMissing)('references from atoms on the maps of 6WQA (need ../shared/golden)', () => {
  let workplace: Workplace;
  const halves = ['-hm', goldenFile('half1'), goldenFile('half2')];
  beforeAll(async () => {
    workplace = await Workplace.create();
    const given = workplace.path('given.cif');
    writeFileSync(given, gunzipSync(readFileSync(`${goldenFolder}/model.cif.gz`)));
    // What the B-factors were is forgotten; the half of the model beyond the median in x is left out.
    const { atoms, source } = await readModel(given);
    const flat = { ...atoms, bFactors: atoms.bFactors.map(() => 50) };
    await writeModel(workplace.path('model.cif'), { atoms: flat, source });
    await writeModel(workplace.path('partial.cif'), { atoms: lowerHalf(flat), source });
    await run('-mm', goldenFile('model_map'), '-ma', goldenFile('mask'), '-o', 'ideal.mrc');
  });
  afterAll(() => workplace.close());

  async function run(...args: readonly string[]): Promise<void> {
    const { code, error } = await workplace.run(...halves, ...args);
    expect(code, error).toBe(0);
  }

  async function likeness(name: string, chosen: (i: number) => boolean = () => true): Promise<number> {
    const ideal = await voxelsOf(workplace.path('ideal.mrc'));
    const found = await voxelsOf(workplace.path(name));
    const where = [...ideal.keys()].filter((i) => ideal[i] !== 0 && found[i] !== 0 && chosen(i));
    expect(where.length).toBeGreaterThan(3000);
    return pearson(ideal, found, where);
  }

  it('a model whose B-factors are all the same leads to the map of the true reference', async () => {
    await run('-mc', 'model.cif', '-ma', goldenFile('mask'), '-o', 'whole.mrc');
    expect(await likeness('whole.mrc')).toBeGreaterThan(0.98);
  });

  it('pseudo-atoms lead near it', async () => {
    await run('--build_using_pseudomodel', '-o', 'pseudo.mrc');
    expect(await likeness('pseudo.mrc')).toBeGreaterThan(0.96);
  });

  it('where half of the model is missing, pseudo-atoms complete it', async () => {
    await run('-mc', 'partial.cif', '--complete_model', '-o', 'hybrid.mrc');
    await run('-mc', 'partial.cif', '-o', 'partial.mrc');
    const difference = await voxelsOf(workplace.path('hybrid_difference_mask.mrc'));
    const missing = (i: number): boolean => (difference[i] ?? 0) > 0;
    // The table of docs/reference-from-atoms.md.
    for (const name of ['whole', 'pseudo', 'hybrid', 'partial']) {
      const [all, there] = [await likeness(`${name}.mrc`), await likeness(`${name}.mrc`, missing)];
      process.stdout.write(`${name}: ${all.toFixed(3)} in the mask, ${there.toFixed(3)} where half is missing\n`);
    }
    expect(await likeness('hybrid.mrc', missing)).toBeGreaterThan(0.93);
    expect(await likeness('partial.mrc', missing)).toBeLessThan(0.8);
  });
});
