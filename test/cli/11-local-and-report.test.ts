import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { voxelsOf } from './golden.js';
import { cube, noise, Workplace, writeMap } from './locscale.js';

const n = 40;
const voxelSize = 1.5;
const halves = ['-hm', 'half1.mrc', 'half2.mrc'];
const others = ['-mm', 'reference.mrc', '-ma', 'mask.mrc'];
let workplace: Workplace;

/** Waves in a ball: fine ones on one side, coarse ones on the other. */
function density(i: number): number {
  const [z, y, x] = [Math.floor(i / n / n), Math.floor(i / n) % n, i % n];
  const wave = x < n / 2 ? z + 1.3 * y : 0.35 * (z + y);
  return Math.exp(-(((z - n / 2) ** 2 + (y - n / 2) ** 2 + (x - n / 2) ** 2) / 150)) * (2 + Math.sin(wave));
}

beforeAll(async () => {
  workplace = await Workplace.create();
  for (const seed of [1, 2])
    await writeMap(workplace.path(`half${seed}.mrc`), cube(n, voxelSize), (i) => density(i) + 0.4 * noise(seed)(i));
  await writeMap(workplace.path('reference.mrc'), cube(n, voxelSize), (i) => density(i) + 0.02 * noise(3)(i));
  await writeMap(workplace.path('mask.mrc'), cube(n, voxelSize), (i) => Number(density(i) > 0.6));
});
afterAll(() => workplace.close());

const voxels = (name: string): Promise<Float32Array> => voxelsOf(workplace.path(`${name}.mrc`));

async function scaled(name: string, ...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { code, error } = await workplace.run(...halves, ...others, ...args, '-o', `${name}.mrc`);
  expect(code, error).toBe(0);
  return JSON.parse(readFileSync(workplace.path(`${name}.locscale.json`), 'utf8')) as Readonly<Record<string, unknown>>;
}
const differing = (a: Float32Array, b: Float32Array): number => a.filter((value, i) => value !== b[i]).length;

describe.each([
  ['daemon', []],
  ['in process', ['--no-daemon']],
] as const)('%s: what is done with the local resolution', (route, way) => {
  it('the map is filtered by it, inside the mask only, and it is written beside the map', async () => {
    await scaled(`plain ${route}`, ...way);
    await scaled(`filtered ${route}`, '--local_filter', ...way);
    const [mask, plain, filtered] = await Promise.all(['mask', `plain ${route}`, `filtered ${route}`].map(voxels));
    const inside = mask?.filter((value) => value === 1).length ?? 0;
    expect(differing(filtered ?? new Float32Array(), plain ?? new Float32Array())).toBeGreaterThan(0.9 * inside);
    expect(filtered?.every((value, i) => value === 0 || mask?.[i] === 1)).toBe(true);
    const resolution = await voxels(`filtered ${route}_locres`);
    expect(resolution.filter((value) => value > 0).length).toBe(inside);
    expect(resolution.every((value) => value === 0 || value >= 2 * voxelSize)).toBe(true);
  });

  it('the scaling ends at it, and the audit says so too', async () => {
    const record = await scaled(`cut ${route}`, '--local_cutoff', '--audit', ...way);
    expect((record['audit'] as { readonly largest: number }).largest).toBeLessThan(1e-4);
    const [plain, cut] = [await voxels(`plain ${route}`), await voxels(`cut ${route}`)];
    expect(differing(cut, plain)).toBeGreaterThan(500);
    const power = (map: Float32Array): number => map.reduce((sum, value) => sum + value * value, 0);
    expect(power(cut)).toBeLessThan(power(plain));
  });
});

it.each(['--local_filter', '--local_cutoff', '--local_resolution'])('%s needs half maps', async (option) => {
  const { code, error } = await workplace.run('-em', 'half1.mrc', ...others, option, '-o', 'none.mrc', '--no-daemon');
  expect(error).toContain(`${option} needs two half maps, and one map is given`);
  expect(code).toBe(3);
  expect(existsSync(workplace.path('none.mrc'))).toBe(false);
});

describe('--print_report', () => {
  it('writes a page and a PDF file with every part', async () => {
    await scaled('told', '--form', 'theoretical', '--print_report', '-res', '5', '--no-daemon');
    const page = readFileSync(workplace.path('told_report.html'), 'utf8');
    for (const part of ['Sections', 'Radial profiles', 'Fourier shell correlation', 'Local B-factors'])
      expect(page).toContain(`>${part}<`);
    for (const part of ['Audited profiles', 'Map statistics', 'Options', 'Provenance'])
      expect(page).toContain(`>${part}<`);
    expect(page).not.toContain('This part could not be made');
    expect(readFileSync(workplace.path('told_report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    expect(existsSync(workplace.path('told_audit.json'))).toBe(true);
  });

  it('has the name that --report_filename gives', async () => {
    await scaled('named', '--print_report', '--report_filename', 'my_report.pdf');
    expect(['my_report.html', 'my_report.pdf'].map((name) => existsSync(workplace.path(name)))).toEqual([true, true]);
    expect(existsSync(workplace.path('named_report.html'))).toBe(false);
  });
});
