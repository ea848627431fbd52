import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { humanSize } from '../../daemon/src/cli/output/size.js';
import { Store } from '../../daemon/src/store/index.js';
import { readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { cube, noise, writeMap } from '../cli/locscale.js';
import { keyNumber, telling } from './helpers.js';
import { runHere } from '../cli/run-here.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locscale-store-'));
  vi.stubEnv('LOCSCALE_HOME', join(folder, 'home'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);

const run = runHere;

async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { out, error, code } = await run(...args, '--json');
  expect({ error, code }, out).toEqual({ error: '', code: 0 });
  return JSON.parse(out) as Record<string, unknown>;
}

describe('locscale cache', () => {
  const store = (): string => join(folder, 'home', 'store');
  afterEach(() => {
    vi.stubEnv('LOCSCALE_STORE_LIMIT', undefined);
  });

  it('says where the store is, how full, and when it was used; clears it', async () => {
    vi.stubEnv('LOCSCALE_STORE_LIMIT', '0.001');
    expect(await json('cache', 'status')).toEqual({
      ok: true,
      folder: store(),
      entries: 0,
      bytes: 0,
      limitBytes: Math.floor(0.001 * 2 ** 30),
      oldestUse: null,
      newestUse: null,
    });
    const kept = await Store.open(store());
    await kept.put(keyNumber(1), telling(1));
    await kept.put(keyNumber(2), telling(2));
    const { out } = await run('cache');
    expect(out).toContain(`folder      ${store()}\n`);
    expect(out).toMatch(/results {5}2 \(118 KiB, 11\.\d % full\)/);
    expect(out).toMatch(/limit {7}1 MiB \(LOCSCALE_STORE_LIMIT/);
    expect(out).toMatch(/oldest use {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect((await run('cache', 'clear')).out).toBe(`2 kept results removed (118 KiB) from ${store()}\n`);
    expect(await json('cache', 'clear')).toEqual({ ok: true, folder: store(), entries: 0, bytes: 0 });
  });

  it('says that it is off, and names a limit that is none', async () => {
    vi.stubEnv('LOCSCALE_STORE_LIMIT', '0');
    expect((await run('cache', 'status')).out).toContain('limit       off: nothing is kept or found');
    vi.stubEnv('LOCSCALE_STORE_LIMIT', 'much');
    const { code, error } = await run('cache', 'status');
    expect(code).toBe(2);
    expect(error).toMatch(/^locscale: LOCSCALE_STORE_LIMIT is "much", expected a number of GiB .*\.\n$/);
  });

  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [64 * 2 ** 20, '64 MiB'],
    [20 * 2 ** 30, '20 GiB'],
    [102_400 - 1, '100 KiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(humanSize(bytes)).toBe(text);
  });
});

describe('locscale explain', () => {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

  /** A map with a record as a newer version might write it. */
  async function mapWithRecord(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const map = at(`${name}.mrc`);
    await writeMap(map, cube(8), noise(1));
    await writeFile(at(`${name}.input`), 'an input');
    const { voxels } = await readVolume(map);
    const record = {
      program: 'locscale',
      version: '9.8.7',
      writtenAt: '2026-01-31T10:20:30.000Z',
      recipe: 'reference-map',
      parameters: { windowSize: 22, voxelSize: [1.5, 1.5, 1.5], colour: 'blue' },
      given: { windowSize: 21 },
      output: { role: 'sharpened', path: map, voxelsSha256: sha256(new Uint8Array(voxels.buffer)), lengthUnit: 'Å' },
      inputs: {
        'half map 1': { path: at(`${name}.input`), sha256: sha256(Buffer.from('an input')), shape: [8, 8, 8] },
        mask: { path: at('gone.mrc'), name: 'mask.mrc', sha256: '00' },
      },
      steps: [
        { name: 'combineHalfMaps', version: 1, key: 'a'.repeat(64), parameters: {}, inputs: {}, from: 'store' },
        { name: 'scaleWindows', version: 3, key: 'b'.repeat(64), parameters: { windowSize: 22 }, inputs: { map: 'a'.repeat(64), mask: 'c'.repeat(64) }, from: 'computed', novelty: 1 },
      ], // prettier-ignore
      timingsSeconds: { scaleWindows: 1.25 },
      warnings: [{ kind: 'header.origin', message: 'Something was odd.' }],
      fluxCapacitor: { charge: 1.21 },
      ...more,
    };
    await writeFile(at(`${name}.locscale.json`), JSON.stringify(record));
    return map;
  }

  it('tells what the record says, known or not, and checks map and inputs', async () => {
    const map = await mapWithRecord('told');
    const { code, out } = await run('explain', map);
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.trim().replaceAll(/ {2,}/gu, ' '));
    expect(lines).toEqual(
      expect.arrayContaining([
        `${map} was made by LocScale 9.8.7 on 2026-01-31 10:20:30 UTC, recipe reference-map.`,
        'The map: its voxels are those that were written.',
        `half map 1 ${at('told.input')}`,
        'unchanged',
        `sha256 ${sha256(Buffer.from('an input'))}`,
        `mask mask.mrc, uploaded as ${at('gone.mrc')}`,
        'MISSING: the file is no longer there',
        'windowSize 22 voxels, given as 21 [-wn, --window_size]',
        'voxelSize 1.5, 1.5, 1.5 Å, chosen by the program [-p, --apix]',
        'colour blue, chosen by the program',
        'combineHalfMaps version 1, found in the store, key aaaaaaaaaaaa',
        'map from combineHalfMaps',
        'mask from cccccccccccc',
        'novelty 1',
        'Something was odd.',
        'scaleWindows 1.3 s',
        'fluxCapacitor {"charge":1.21}',
        'lengthUnit Å',
        `Record: ${at('told.locscale.json')}`,
      ]),
    );
    const all = await json('explain', map);
    expect(all).toMatchObject({ mapState: 'same', inputs: [{ state: 'same' }, { state: 'missing' }] });
    expect(all['record']).toEqual(JSON.parse(await readFile(at('told.locscale.json'), 'utf8')));
  });

  it('says plainly what has changed', async () => {
    const map = await mapWithRecord('changed');
    await appendFile(at('changed.input'), '!');
    expect(await json('explain', map)).toMatchObject({ mapState: 'same', inputs: [{ state: 'changed' }, {}] });
    const { grid, voxels } = await readVolume(map);
    // The header alone is no change of the map.
    await writeVolume(map, { grid: { ...grid, origin: [1, 2, 3] }, voxels, labels: ['moved'] });
    expect(await json('explain', map)).toMatchObject({ mapState: 'same' });
    voxels[17] = (voxels[17] ?? 0) + 1;
    await writeVolume(map, { grid, voxels });
    const { out } = await run('explain', map);
    expect(out).toContain('The map: CHANGED: its voxels are not those that were written.');
    expect(out).toContain('CHANGED: the file now holds something else');
    await rename(map, at('changed-name.mrc'));
    await rename(at('changed.locscale.json'), at('changed-name.locscale.json'));
    expect((await run('explain', at('changed-name.mrc'))).out).toContain(`It was written as ${map}.`);
  });

  it('finds the record of a map that was written beside another one', async () => {
    const main = await mapWithRecord('pair', { otherOutputs: [{ role: 'mask', path: '/elsewhere/pair_mask.mrc' }] });
    const side = main.replace('.mrc', '_mask.mrc');
    await writeMap(side, cube(8), noise(3));
    const { out } = await run('explain', side);
    expect(out).toContain('It is the output "mask".');
    expect(out).toContain('cannot be told');
    expect(out).toMatch(new RegExp(`Written with it\\n +sharpened +${main}\\n`));
    await writeMap(at('pair_other.mrc'), cube(8), noise(3));
    expect((await run('explain', at('pair_other.mrc'))).code).toBe(3);
  });

  it('reads records of which it understands little, and lets no control character through', async () => {
    const map = await mapWithRecord('odd', {
      version: 7,
      steps: 'none',
      inputs: [],
      warnings: 'many',
      output: null,
      given: 3,
      bell: 'ding \u0007\u001b[2J dong',
    });
    const { code, out } = await run('explain', map);
    expect(code).toBe(0);
    expect(out).toMatch(/version +7\n/);
    expect(out).toMatch(/steps +none\n/);
    expect(out).toMatch(/bell +ding \?\?\[2J dong\n/);
    expect(out).toContain('cannot be told');
    await writeFile(at('odd.locscale.json'), JSON.stringify({ program: 'locscale', steps: { fsc: 2 } }));
    expect((await run('explain', map)).out).toMatch(/Steps\n +fsc +version 2\n/);
  });

  it('without a record goes by the labels, and says so when they are not ours', async () => {
    const grid = cube(8);
    const voxels = (await readVolume(await mapWithRecord('any'))).voxels;
    await writeVolume(at('ours.mrc'), { grid, voxels, labels: ['LocScale 0.1.0: filter'] });
    expect((await run('explain', at('ours.mrc'))).out).toMatch(/by its labels;[^]*\n {2}LocScale 0\.1\.0: filter\n$/);
    expect(await json('explain', at('ours.mrc'))).toMatchObject({
      madeBy: 'labels',
      labels: ['LocScale 0.1.0: filter'],
    });
    await writeVolume(at('theirs.mrc'), { grid, voxels, labels: ['RELION 19-Jan-26'] });
    const { code, error } = await run('explain', at('theirs.mrc'));
    expect(code).toBe(3);
    expect(error).toMatch(/was not made by LocScale.*its labels are "RELION 19-Jan-26"; .*\.\n$/);
    await writeVolume(at('bare.mrc'), { grid, voxels });
    expect((await run('explain', at('bare.mrc'))).error).toContain('it has no labels');
  });

  it.each([
    ['{"program": "locsc', /is no whole JSON/],
    ['{"program": "other"}', /was not written by LocScale/],
    ['[]', /was not written by LocScale/],
  ])('refuses the record %s in one sentence', async (text, message) => {
    const map = await mapWithRecord('bad');
    await writeFile(at('bad.locscale.json'), text);
    const { code, error } = await run('explain', map);
    expect(code).toBe(3);
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  it('names a file that is not there or is no map', async () => {
    expect((await run('explain', at('nowhere.mrc'))).code).toBe(3);
    await writeFile(at('text.mrc'), 'text');
    expect((await run('explain', at('text.mrc'))).code).toBe(3);
  });
});
