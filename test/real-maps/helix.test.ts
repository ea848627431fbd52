import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from '../cli/locscale.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';
import { deriveInputs } from './derived-inputs.js';

let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
});
afterAll(() => workplace.close());

describe.skipIf(!hasMaps)('F-actin as a helix (needs ../shared/data/maps)', () => {
  it('has its published twist and rise and no other, and gives them to the reference', async () => {
    const map = join(mapsFolder, '03_emd5168_factin_6.6A', 'emd_5168.map.gz');
    await deriveInputs(map, workplace.path('reference.mrc'), workplace.path('mask.mrc'), 0.05);
    const args = ['-em', map, '-mm', 'reference.mrc', '-ma', 'mask.mrc', '-o', 'out.mrc', '--no-daemon'];
    const right = await workplace.run(...args, '--helical', '-166.6,27.6');
    expect(right.code, right.error).toBe(0);
    const record = JSON.parse(readFileSync(workplace.path('out.locscale.json'), 'utf8')) as Record<string, unknown>;
    expect(record['symmetry']).toMatchObject({ symmetry: 'C1 helix of -166.6° and 27.6 Å', holds: true });
    const wrong = await workplace.run(...args, '--helical', '-150,27.6');
    expect(wrong.error).toMatch(/does not have the symmetry C1 helix of -150° and 27.6 Å/);
    expect(wrong.code).toBe(3);
  });
});
