import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVolume, writeVolume } from '../../daemon/dist/volumes/index.js';
import { noise, Workplace } from '../cli/locscale.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';
import { readStored, shiftedCorrelation } from './stored-map.js';

let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
});
afterAll(() => workplace.close());

/** Every map that a run writes has the words of its input that say where it lies. */
function expectPlaceOf(input: string, outputs: readonly string[]): void {
  const { place, extended } = readStored(input);
  for (const output of outputs) {
    const stored = readStored(workplace.path(output));
    expect(stored.place, output).toEqual(place);
    expect(stored.extended, output).toEqual(extended);
  }
}

/** It lies voxel on voxel, in file order and so without the program's own reader: moved by one voxel it fits worse. */
function expectOnTop(output: string, input: string, least: number): void {
  const [after, before] = [readStored(output), readStored(input)];
  const here = shiftedCorrelation(after, before, [0, 0, 0]);
  expect(here).toBeGreaterThan(least);
  for (const axis of [0, 1, 2])
    for (const step of [-1, 1]) {
      const shift: [number, number, number] = [0, 0, 0];
      shift[axis] = step;
      expect(shiftedCorrelation(after, before, shift)).toBeLessThan(here - 0.01);
    }
}

const ranAs = async (name: string, ...args: readonly string[]): Promise<void> => {
  const { code, error } = await workplace.run(...args, '-o', `${name}.mrc`);
  expect(code, error).toBe(0);
};

describe('outputs of a map with odd edges, axes in another order, start words and an origin', () => {
  const shape = [37, 45, 41] as const;
  const [nz, ny, nx] = shape;
  /** Three balls of different size, so that no turn or mirror maps them onto each other. */
  const density = (i: number): number => {
    const [z, y, x] = [Math.floor(i / ny / nx), Math.floor(i / nx) % ny, i % nx];
    const balls = [
      [14, 15, 17, 9],
      [22, 28, 17, 6],
      [20, 18, 25, 4],
    ] as const;
    return balls.reduce(
      (sum, [bz, by, bx, w]) => sum + 20 * Math.exp(-((z - bz) ** 2 + (y - by) ** 2 + (x - bx) ** 2) / w),
      0,
    );
  };

  /** Writes a map in standard order and turns the file: columns run along Y, rows along X, sections along Z. */
  async function writeTurned(name: string, value: (i: number) => number): Promise<void> {
    const voxels = Float32Array.from({ length: nz * ny * nx }, (_, i) => value(i));
    const path = workplace.path(name);
    await writeVolume(path, { grid: { shape: [...shape], voxelSize: [1.5, 1.5, 1.5], origin: [0, 0, 0] }, voxels });
    const bytes = await readFile(path);
    const header = Buffer.from(bytes.subarray(0, 1024));
    [ny, nx, nz].forEach((n, i) => header.writeInt32LE(n, i * 4));
    [-7, 12, 5].forEach((start, i) => header.writeInt32LE(start, 16 + i * 4));
    [2, 1, 3].forEach((axis, i) => header.writeInt32LE(axis, 64 + i * 4));
    [31.5, -20.25, 8].forEach((origin, i) => header.writeFloatLE(origin, 196 + i * 4));
    const turned = Buffer.alloc(voxels.length * 4);
    for (let i = 0; i < voxels.length; i++) {
      const [z, y, x] = [Math.floor(i / ny / nx), Math.floor(i / nx) % ny, i % nx];
      turned.writeFloatLE(voxels[i] ?? 0, ((z * nx + x) * ny + y) * 4);
    }
    await writeFile(path, Buffer.concat([header, turned]));
  }

  beforeAll(async () => {
    for (const seed of [1, 2]) await writeTurned(`half${seed}.mrc`, (i) => density(i) + 0.5 * noise(seed)(i));
    await writeTurned('reference.mrc', (i) => density(i) + 0.02 * noise(3)(i));
    await writeTurned('left.mrc', (i) => Number(i % nx < 18));
    // What the outputs must lie on.
    await writeTurned('density.mrc', density);
    await copyFile(workplace.path('reference.mrc'), workplace.path('standard.mrc'));
  });

  it.each([
    ['no-reference', ['--no_reference']],
    ['theoretical', ['-mm', 'reference.mrc', '--form', 'theoretical']],
    ['hybrid', ['-mm', 'reference.mrc', '--form', 'hybrid', '--difference_mask', 'left.mrc']],
    ['symmetric', ['-mm', 'reference.mrc', '--measure_bfactors', '-sym', 'C2', '--force_symmetry']],
  ] as const)('%s: map, B-factors, quality and mask', async (name, options) => {
    for (const route of [[], ['--no-daemon']]) {
      await ranAs(name, '-hm', 'half1.mrc', 'half2.mrc', ...options, '-fdr_w', '4', ...route);
      expectPlaceOf(
        workplace.path('half1.mrc'),
        ['', '_bfactor', '_qfit', '_mask'].map((end) => `${name}${end}.mrc`),
      );
      expectOnTop(workplace.path(`${name}.mrc`), workplace.path('density.mrc'), name === 'symmetric' ? 0.5 : 0.7);
      const mask = await readVolume(workplace.path(`${name}_mask.mrc`));
      expect(mask.grid.shape).toEqual([...shape]);
      const inMask = mask.voxels.map((value, i) => (value === 1 ? density(i) : 0)).filter((value) => value > 0);
      expect(inMask.length).toBeGreaterThan(300);
      expect(inMask.filter((value) => value > 0.5).length / inMask.length).toBeGreaterThan(0.95);
    }
  });
});

describe.skipIf(!hasMaps)('derived half maps without anything else (need ../shared/data/maps)', () => {
  it.each(['01_emd32143_gpcr_gs', '04_channel_in_micelle_3A_px'])(
    '%s go through locscale -hm A B --no_reference -o out.mrc',
    async (set) => {
      const halves = [1, 2].map((n) => `${mapsFolder}/${set}/derived_half${n}.mrc.gz`);
      await ranAs('out', '-hm', ...halves, '--no_reference');
      const outputs = ['out.mrc', 'out_bfactor.mrc', 'out_qfit.mrc', 'out_mask.mrc'];
      expectPlaceOf(halves[0] ?? '', outputs);
      // The mask on the density: over the few scaled voxels of a coarse map, sharpened and unsharpened values have little in common.
      expectOnTop(halves[0] ?? '', workplace.path('out_mask.mrc'), 0.15);
      const mask = await readVolume(workplace.path('out_mask.mrc'));
      const inside = mask.voxels.filter((value) => value === 1).length;
      expect(inside / mask.voxels.length).toBeGreaterThan(0.001);
      expect(inside / mask.voxels.length).toBeLessThan(0.3);
      const { voxels } = await readVolume(workplace.path('out.mrc'));
      expect(voxels.every((value, i) => value === 0 || mask.voxels[i] === 1)).toBe(true);
    },
  );
});
