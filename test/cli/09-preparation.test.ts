import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { voxelsOf } from './golden.js';
import { cube, noise, Workplace, writeMap } from './locscale.js';

const n = 40;
let workplace: Workplace;
const halves = ['-hm', 'half1.mrc', 'half2.mrc'];
const reference = ['-mm', 'reference.mrc'];

/** Five dense balls, four of them about the z axis: C4 and nothing that C3 or C5 would find. */
function balls(i: number): number {
  const [z, y, x] = [Math.floor(i / n / n) - n / 2, (Math.floor(i / n) % n) - n / 2, (i % n) - n / 2];
  const places = [
    [3, 0, 0],
    [0, 8, 2],
    [0, -8, -2],
    [0, -2, 8],
    [0, 2, -8],
  ] as const;
  return places.reduce(
    (sum, [pz, py, px]) => sum + 20 * Math.exp(-((z - pz) ** 2 + (y - py) ** 2 + (x - px) ** 2) / 3),
    0,
  );
}

beforeAll(async () => {
  workplace = await Workplace.create();
  for (const seed of [1, 2])
    await writeMap(workplace.path(`half${seed}.mrc`), cube(n), (i) => balls(i) + noise(seed)(i));
  await writeMap(workplace.path('reference.mrc'), cube(n), (i) => balls(i) ** 1.5 + 0.1 * noise(3)(i));
  await writeMap(workplace.path('mask.mrc'), cube(n), (i) => Number(balls(i) > 0.5));
  await writeMap(workplace.path('left.mrc'), cube(n), (i) => Number(i % n < n / 2));
});
afterAll(() => workplace.close());

type Sidecar = Readonly<Record<string, unknown>> & { readonly warnings: readonly { readonly kind: string }[] };

/** Runs the program, which must succeed, and returns the sidecar. */
async function scaled(name: string, ...args: readonly string[]): Promise<Sidecar> {
  const { code, error } = await workplace.run(...args, '-o', `${name}.mrc`);
  expect(code, error).toBe(0);
  return JSON.parse(readFileSync(workplace.path(`${name}.locscale.json`), 'utf8')) as Sidecar;
}
const voxels = (name: string): Promise<Float32Array> => voxelsOf(workplace.path(`${name}.mrc`));
const inside = (map: Float32Array): number => map.filter((value) => value !== 0).length;
/** Voxels in which two maps differ. */
const differing = (a: Float32Array, b: Float32Array): number => a.filter((value, i) => value !== b[i]).length;

describe.each([
  ['daemon', []],
  ['in process', ['--no-daemon']],
] as const)('%s: half maps alone', (route, way) => {
  it('are scaled without a reference inside a mask made from them', async () => {
    const name = `alone ${route}`;
    const { out, code } = await workplace.run(...halves, '--no_reference', '-o', `${name}.mrc`, '--json', ...way);
    expect(code, out).toBe(0);
    const { files } = JSON.parse(out) as {
      readonly files: readonly { readonly role: string; readonly path: string }[];
    };
    const expected = { sharpened: '.mrc', bfactors: '_bfactor.mrc', qualities: '_qfit.mrc', mask: '_mask.mrc' };
    for (const [role, ending] of Object.entries({ ...expected, sidecar: '.locscale.json' }))
      expect(files).toContainEqual({ role, path: workplace.path(name + ending) });
    const [map, mask] = [await voxels(name), await voxels(`${name}_mask`)];
    expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
    expect(inside(mask)).toBeGreaterThan(300);
    expect(map.every((value, i) => (value !== 0) === (mask[i] === 1))).toBe(true);
    expect(inside(await voxels(`${name}_bfactor`))).toBe(inside(mask));
  });

  it('are scaled against a reference inside a mask made from them', async () => {
    const record = await scaled(`masked ${route}`, ...halves, ...reference, ...way);
    const mask = await voxels(`masked ${route}_mask`);
    expect(record['confidenceMask']).toMatchObject({ maskedVoxels: inside(mask) });
    expect(record['scaledVoxels']).toBe(inside(mask));
  });
});

it('gives the same voxels on both routes', async () => {
  for (const name of ['', '_bfactor', '_qfit', '_mask'])
    expect(differing(await voxels(`alone daemon${name}`), await voxels(`alone in process${name}`))).toBe(0);
});

describe('options of the preparation', () => {
  const local = '--no-daemon';

  it('-fdr, -fdr_w, -fdr_f and --noise_box change the mask and stand in the record', async () => {
    const strict = await scaled('strict', ...halves, '--no_reference', '-fdr', '0.001', local);
    const loose = await scaled('loose', ...halves, '--no_reference', '-fdr', '0.2', local);
    const count = (record: Sidecar): number => (record['confidenceMask'] as { maskedVoxels: number }).maskedVoxels;
    expect(count(strict)).toBeLessThan(count(loose));
    const box = ['--noise_box', '6,7,8', '-fdr_w', '8', '-fdr_f', '8'];
    const boxed = await scaled('boxed', ...halves, '--no_reference', ...box, local);
    expect(boxed['confidenceMask']).toMatchObject({ boxes: { edge: 8, corners: [[2, 3, 4]] } });
    expect(boxed['parameters']).toMatchObject({ maskFilter: 8, noiseBox: [6, 7, 8], noiseWindow: 8 });
  });

  it('--apply_fsc_filter, --profile shell and --set_local_bfactor change the map', async () => {
    const plain = ['-ma', 'mask.mrc', ...halves, '--no_reference', local];
    await scaled('plain', ...plain);
    const filtered = await scaled('filtered', ...plain, '--apply_fsc_filter');
    expect(filtered['steps']).toContainEqual(expect.objectContaining({ name: 'filterMap', from: 'computed' }));
    await scaled('shell', ...plain, '--profile', 'shell');
    await scaled('flat', ...plain, '--set_local_bfactor', '0');
    const all = await Promise.all(['plain', 'filtered', 'shell', 'flat'].map(voxels));
    all.forEach((a, i) => all.slice(i + 1).forEach((b) => expect(differing(a, b)).toBeGreaterThan(500)));
    // What is measured does not depend on what it is brought to.
    expect(differing(await voxels('flat_bfactor'), await voxels('plain_bfactor'))).toBe(0);
  });

  it('--wilson_cutoff and --ref_resolution take the place of what is measured', async () => {
    const args = [...halves, '--no_reference', '-ma', 'mask.mrc', local];
    const measured = await scaled('measured', ...args);
    expect(measured).toMatchObject({
      resolution: expect.any(Number) as number,
      wilsonCutoff: expect.any(Number) as number,
    });
    const given = await scaled('given', ...args, '--wilson_cutoff', '11', '--ref_resolution', '3.3');
    expect(given['parameters']).toMatchObject({ wilsonCutoff: 11, resolution: 3.3 });
    expect(given).not.toHaveProperty('resolution');
    expect((given['steps'] as readonly { readonly name: string }[]).map(({ name }) => name)).not.toContain(
      'halfMapFsc',
    );
    expect(differing(await voxels('measured_bfactor'), await voxels('given_bfactor'))).toBeGreaterThan(500);
  });

  it('--form chooses among the forms; hybrid is theoretical inside the difference mask, atomic outside', async () => {
    const args = [...halves, ...reference, '-ma', 'mask.mrc', local];
    for (const form of ['atomic', 'theoretical']) await scaled(form, ...args, '--form', form);
    await scaled('hybrid', ...args, '--form', 'hybrid', '--difference_mask', 'left.mrc');
    await scaled('none', ...args, '--form', 'no-reference');
    const [atomic, theoretical, hybrid] = await Promise.all(['atomic', 'theoretical', 'hybrid'].map(voxels));
    const expected = hybrid?.map((_, i) => (i % n < n / 2 ? theoretical : atomic)?.[i] ?? NaN) ?? new Float32Array();
    expect(differing(hybrid ?? expected, expected)).toBe(0);
    expect(differing(expected, atomic ?? expected)).toBeGreaterThan(200);
    expect(differing(await voxels('none'), await voxels('plain'))).toBe(0);
  });

  it('--audit writes what it found, and agrees with the map', async () => {
    const { audit } = await scaled('audited', ...halves, ...reference, '--form', 'theoretical', '--audit', local);
    expect((audit as { largest: number }).largest).toBeLessThan(1e-4);
    const file = JSON.parse(readFileSync(workplace.path('audited_audit.json'), 'utf8')) as {
      readonly windows: unknown[];
    };
    expect(file.windows.length).toBeGreaterThan(2);
  });
});

describe('-sym', () => {
  it('averages the reference over a group that the map has', async () => {
    const args = [...halves, ...reference, '-ma', 'mask.mrc'];
    const record = await scaled('symmetric', ...args, '-sym', 'C4');
    expect(record['symmetry']).toMatchObject({ symmetry: 'C4', holds: true });
    await scaled('asymmetric', ...args);
    expect(differing(await voxels('symmetric'), await voxels('asymmetric'))).toBeGreaterThan(500);
  });

  it('refuses another group with numbers, unless forced', async () => {
    const args = [...halves, ...reference, '-ma', 'mask.mrc', '-sym', 'C3', '-o', 'wrong.mrc'];
    const { code, error } = await workplace.run(...args);
    expect(code).toBe(3);
    expect(error).toMatch(/does not have the symmetry C3 .* by 0\.\d\d at worst .* expected at least 0\.30/);
    const forced = await scaled('wrong', ...args.slice(0, -2), '--force_symmetry');
    expect(forced.warnings).toContainEqual(expect.objectContaining({ kind: 'symmetry.forced' }));
  });
});
