import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVolume } from '../../daemon/dist/volumes/index.js';
import { root, Workplace } from '../cli/locscale.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';
import { deriveInputs, type Derived } from './derived-inputs.js';
import { readStored, shiftedCorrelation } from './stored-map.js';

const hasPython = spawnSync('python3', ['--version']).status === 0;

let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
});
afterAll(() => workplace.close());

/** What must hold of any output, whatever way it came: it lies where the input lies, voxel on voxel, and is scaled. */
async function checkOutput(input: string, output: string, { reference, mask }: Derived): Promise<void> {
  const before = readStored(input);
  const after = readStored(output);
  expect(after.place).toEqual(before.place);
  expect(after.extended).toEqual(before.extended);
  // In file order, without the program's own reader: a wrong axis, a shift or a flip would show.
  const here = shiftedCorrelation(after, before, [0, 0, 0]);
  expect(here).toBeGreaterThan(0.9);
  for (const [axis, step] of [0, 1, 2].flatMap((axis) => [-1, 1].map((step) => [axis, step] as const))) {
    const shift: [number, number, number] = [0, 0, 0];
    shift[axis] = step;
    expect(shiftedCorrelation(after, before, shift)).toBeLessThan(here - 0.01);
  }
  const { voxels } = await readVolume(output);
  expect(voxels.every((value, i) => value === 0 || mask[i] === 1)).toBe(true);
  const inMask = [...mask.keys()].filter((i) => mask[i] === 1);
  expect(inMask.filter((i) => voxels[i] !== 0).length / inMask.length).toBeGreaterThan(0.99);
  // Scaling gives the window around each voxel the reference's amplitudes, so the power of the whole is the reference's too.
  const power = (map: Float32Array): number => inMask.reduce((sum, i) => sum + (map[i] ?? 0) ** 2, 0);
  expect(power(voxels) / power(reference)).toBeGreaterThan(0.8);
  expect(power(voxels) / power(reference)).toBeLessThan(1.2);
}

describe.skipIf(!hasMaps)('real maps against a smoothed copy of themselves (need ../shared/data/maps)', () => {
  it.each([
    // Axis order 2, 1, 3 and a symmetry record.
    ['01_emd32143_gpcr_gs/emd_32143_resampled.map.gz', 0.06, []],
    // Start words of -50 and no origin; density runs into two faces of the box, so windows are padded.
    ['03_emd5168_factin_6.6A/emd_5168.map.gz', 0.1, []],
    // Exactly 0 outside a mask.
    ['05_emd1997_groel_7A/emd_1997.map.gz', 0.2, ['--no-daemon']],
    // Not a cube, cut out of a larger map, origin far from 0.
    ['06_emd30342_integrin_3.9A/emd_30342_chainA.mrc.gz', 0.12, []],
    ['09_emd1461_vp6_3.8A/emd_1461_crop.mrc.gz', 0.15, ['--no-daemon']],
  ] as const)('%s by command line', async (file, share, route) => {
    const input = join(mapsFolder, file);
    const [reference, mask, output] = ['reference.mrc', 'mask.mrc', 'out.mrc'].map((name) => workplace.path(name));
    const derived = await deriveInputs(input, reference ?? '', mask ?? '', share);
    const args = ['-em', input, '-mm', 'reference.mrc', '-ma', 'mask.mrc', '-o', 'out.mrc', ...route];
    const { code, error } = await workplace.run(...args);
    expect(code, error).toBe(0);
    await checkOutput(input, output ?? '', derived);
  });

  it.skipIf(!hasPython)(
    'two half maps by a WebSocket from Python (skipped where python3 is not installed)',
    async () => {
      const half = (n: number): string => join(mapsFolder, `01_emd32143_gpcr_gs/derived_half${n}.mrc.gz`);
      const derived = await deriveInputs(half(1), workplace.path('r.mrc'), workplace.path('m.mrc'), 0.06);
      expect((await workplace.run('daemon', 'start')).code).toBe(0);
      const script = join(root, 'examples', 'python', 'sharpen.py');
      const python = workplace.start('python3', [script, half(1), half(2), 'r.mrc', 'm.mrc', 'python.mrc']);
      const { code, out, error } = await python.finished;
      expect({ code, error }).toEqual({ code: 0, error: '' });
      expect(out).toContain('python.mrc written');
      expect(existsSync(workplace.path('python.mrc'))).toBe(true);
      await checkOutput(half(1), workplace.path('python.mrc'), derived);
      const byCommand = ['-hm', half(1), half(2), '-mm', 'r.mrc', '-ma', 'm.mrc', '-o', 'command.mrc'];
      expect((await workplace.run(...byCommand)).code).toBe(0);
      const voxels = (name: string): Buffer => readFileSync(workplace.path(name)).subarray(1024);
      expect(voxels('python.mrc').equals(voxels('command.mrc'))).toBe(true);
    },
  );
});
