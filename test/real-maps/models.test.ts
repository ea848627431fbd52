import { join } from 'node:path';
import { voxelsNearAtoms } from '@locscale/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel, writeModel } from '../../daemon/dist/models/index.js';
import { readVolume, writeVolume } from '../../daemon/dist/volumes/index.js';
import { pearson } from '../cli/pearson.js';
import { Workplace } from '../cli/locscale.js';
import { lowerHalf } from '../models/helpers/subset.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';

const folder = (name: string): string => join(mapsFolder, name);
const gpcr = folder('01_emd32143_gpcr_gs');

/** Maps with their models. The solvent of 06 and 10 is exactly 0, so that their mask must be given. */
const cases = [
  {
    name: 'EMD-32143, GPCR and G protein, all of it automatic',
    inputs: ['-hm', join(gpcr, 'derived_half1.mrc.gz'), join(gpcr, 'derived_half2.mrc.gz')],
    map: join(gpcr, 'emd_32143_resampled.map.gz'),
    model: join(gpcr, '8wg7_docked_homologue.cif.gz'),
    masked: false,
  },
  {
    name: 'EMD-30342, integrin α, mask given',
    inputs: ['-em', folder('06_emd30342_integrin_3.9A/emd_30342_chainA.mrc.gz')],
    map: folder('06_emd30342_integrin_3.9A/emd_30342_chainA.mrc.gz'),
    model: folder('06_emd30342_integrin_3.9A/7cec_A.cif.gz'),
    masked: true,
  },
  {
    name: 'EMD-4118, pneumolysin, mask given',
    inputs: ['-em', folder('10_emd4118_pneumolysin_4.5A/emd_4118_box.ccp4.gz')],
    map: folder('10_emd4118_pneumolysin_4.5A/emd_4118_box.ccp4.gz'),
    model: folder('10_emd4118_pneumolysin_4.5A/5ly6_box_complete.pdb.gz'),
    masked: true,
  },
];

describe.skipIf(!hasMaps)('real maps with their models (need ../shared/data)', () => {
  let workplace: Workplace;
  beforeAll(async () => {
    workplace = await Workplace.create();
  });
  afterAll(() => workplace.close());

  const read = async (name: string): Promise<Float32Array> =>
    (await readVolume(workplace.path(name), { requireSignal: false })).voxels;

  it.each(cases)('$name', async ({ inputs, map, model, masked }) => {
    const [{ atoms, source }, { grid }] = [await readModel(model), await readVolume(map)];
    await writeModel(workplace.path('partial.cif'), { atoms: lowerHalf(atoms), source });
    const mask: string[] = [];
    if (masked) {
      const voxels = Float32Array.from(await voxelsNearAtoms(atoms, grid, 3.5));
      await writeVolume(workplace.path('mask.mrc'), { grid, voxels });
      mask.push('-ma', 'mask.mrc');
    }
    const run = async (name: string, ...args: readonly string[]): Promise<void> => {
      const { code, error } = await workplace.run(...inputs, ...mask, ...args, '-o', `${name}.mrc`);
      expect(code, error).toBe(0);
    };
    await run('whole', '-mc', model);
    await run('partial', '-mc', 'partial.cif');
    await run('hybrid', '-mc', 'partial.cif', '--complete_model');
    // The map that is to be looked like: the model's own, with the contrast that the whole model leads to.
    const [reference, difference] = [await read('whole_reference.mrc'), await read('hybrid_difference_mask.mrc')];
    const missing = [...difference.keys()].filter((i) => (difference[i] ?? 0) > 0);
    expect(missing.length).toBeGreaterThan(500);
    const found = {
      voxels: missing.length,
      whole: pearson(reference, await read('whole.mrc'), missing),
      hybrid: pearson(reference, await read('hybrid.mrc'), missing),
      partial: pearson(reference, await read('partial.mrc'), missing),
    };
    // The table of docs/reference-from-atoms.md.
    process.stdout.write(`where half of the model is missing: ${JSON.stringify(found)}\n`);
    expect(found.whole).toBeGreaterThan(0.4);
    expect(found.hybrid).toBeGreaterThan(found.partial + 0.05);
  });
});
