import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVolume, writeVolume } from '../../daemon/dist/volumes/index.js';
import { kindOf, reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { ball, quick, upload, uploadInputs } from './helpers/maps.js';

const shape: [number, number, number] = [6, 7, 9];
const odd = {
  shape,
  voxelSize: [1.1, 1.1, 1.1] as [number, number, number],
  origin: [0, 0, 0] as [number, number, number],
};
const voxels = Float32Array.from({ length: 6 * 7 * 9 }, (_, i) => Math.sin(i) * 10);

async function download(
  { url, token }: TestDaemon,
  id: string,
  query = '',
  headers: Record<string, string> = {},
  method = 'GET',
) {
  return fetch(`${url}/volumes/${id}${query}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
}
const floats = async (response: Response): Promise<Float32Array> => new Float32Array(await response.arrayBuffer());

describe('voxels over HTTP', () => {
  it('come back as they went up', async () => {
    const daemon = await testDaemon();
    const id = await upload(daemon, voxels, odd);
    const response = await download(daemon, id);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(voxels.byteLength));
    expect(response.headers.get('x-locscale-shape')).toBe('6,7,9');
    expect(await floats(response)).toEqual(voxels);
  });

  it('come in any region and step, with the grid of what was sent', async () => {
    const daemon = await testDaemon();
    const id = await upload(daemon, voxels, odd);
    for (const [z0, z1, y0, y1, x0, x1, step] of [
      [1, 3, 2, 5, 3, 8, 1],
      [0, 6, 0, 7, 0, 9, 2],
      [1, 6, 1, 7, 2, 9, 3],
      [5, 6, 6, 7, 8, 9, 4],
    ] as const) {
      const response = await download(daemon, id, `?region=${z0}:${z1},${y0}:${y1},${x0}:${x1}&step=${step}`);
      const expected: number[] = [];
      for (let z = z0; z < z1; z += step)
        for (let y = y0; y < y1; y += step)
          for (let x = x0; x < x1; x += step) expected.push(voxels[(z * 7 + y) * 9 + x] as number);
      expect(await floats(response)).toEqual(Float32Array.from(expected));
      const origin = response.headers.get('x-locscale-origin')?.split(',').map(Number) ?? [];
      [x0, y0, z0].forEach((start, axis) => expect(origin[axis]).toBeCloseTo(start * 1.1, 6));
      expect(response.headers.get('x-locscale-voxel-size')?.split(',').map(Number)[0]).toBeCloseTo(1.1 * step, 6);
    }
  });

  it('come in ranges of bytes, of the whole and of a region', async () => {
    const daemon = await testDaemon();
    const id = await upload(daemon, voxels, odd);
    for (const query of ['', '?region=1:4,2:6,1:8', '?format=mrc', '?step=2']) {
      const whole = Buffer.from(await (await download(daemon, id, query)).arrayBuffer());
      for (const [range, first, end] of [
        ['bytes=0-0', 0, 1],
        ['bytes=5-90', 5, 91],
        ['bytes=30-', 30, whole.length],
        ['bytes=-7', whole.length - 7, whole.length],
        [`bytes=3-${whole.length + 99}`, 3, whole.length],
      ] as const) {
        const response = await download(daemon, id, query, { range });
        expect(response.status).toBe(206);
        expect(response.headers.get('content-range')).toBe(`bytes ${first}-${end - 1}/${whole.length}`);
        expect(Buffer.from(await response.arrayBuffer()).equals(whole.subarray(first, end)), `${query} ${range}`).toBe(
          true,
        );
      }
      expect((await download(daemon, id, query, { range: `bytes=${whole.length}-` })).status).toBe(416);
      expect((await download(daemon, id, query, { range: 'lines=1-2' })).status).toBe(200);
      const head = await download(daemon, id, query, {}, 'HEAD');
      expect([head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([
        String(whole.length),
        0,
      ]);
    }
  });

  it('come as a map file that reads as the same volume, with true statistics', async () => {
    const daemon = await testDaemon();
    const id = await upload(daemon, voxels, odd);
    const path = join(await scratchFolder(), 'down.mrc');
    await writeFile(path, Buffer.from(await (await download(daemon, id, '?format=mrc')).arrayBuffer()));
    const volume = await readVolume(path);
    expect(volume.voxels).toEqual(voxels);
    expect(volume.grid.shape).toEqual(shape);
    expect(volume.warnings).toEqual([]);
    expect(volume.header.storedStatistics.max).toBeCloseTo(Math.max(...voxels), 5);
    const again = await fetch(`${daemon.url}/volumes?name=down.mrc`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${daemon.token}`, 'content-type': 'application/x-mrc' },
      body: await (await download(daemon, id, '?format=mrc')).arrayBuffer(),
    });
    const { id: second } = (await again.json()) as { id: string };
    expect(await floats(await download(daemon, second))).toEqual(voxels);
  });

  it('of a map file that the user has come from a raw copy', async () => {
    const daemon = await testDaemon();
    const path = join(await scratchFolder(), 'map.mrc');
    await writeVolume(path, { grid: odd, voxels });
    const { id, source } = await daemon.client.call('volume.open', { path });
    expect(source).toBe('file');
    expect(await floats(await download(daemon, id))).toEqual(voxels);
  });

  it.each([
    ['vol-0000000000000000', '', 404],
    ['vol-0', '', 404],
    ['ID', '?region=0:7,0:7,0:9', 400],
    ['ID', '?region=1:1,0:7,0:9', 400],
    ['ID', '?region=0:1', 400],
    ['ID', '?step=0', 400],
    ['ID', '?step=257', 400],
    ['ID', '?format=tiff', 400],
    ['ID', '?token=x', 400],
  ])('asked for as %s%s are refused with %i', async (id, query, status) => {
    const daemon = await testDaemon();
    const real = await upload(daemon, voxels, odd);
    const response = await download(daemon, id === 'ID' ? real : id, query);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(/\.$/);
  });
});

describe('volumes', () => {
  it('are described, measured, saved and closed', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const id = await upload(daemon, voxels, odd);
    expect((await client.call('volume.describe', { volume: id })).statistics).toBeNull();
    const statistics = await client.call('volume.statistics', { volume: id });
    const mean = voxels.reduce((sum, v) => sum + v, 0) / voxels.length;
    expect(statistics.mean).toBeCloseTo(mean, 5);
    expect((await client.call('volume.describe', { volume: id })).statistics).toEqual(statistics);
    const path = join(await scratchFolder(), 'saved.mrc');
    expect(await client.call('volume.save', { volume: id, path })).toEqual({ path });
    expect((await readVolume(path)).voxels).toEqual(voxels);
    expect(await client.call('volume.close', { volume: id })).toEqual({ closed: true });
    expect(await kindOf(client.call('volume.describe', { volume: id }))).toBe('volume.unknown');
  });

  it('never replace an open file, nor an unwritable place', async () => {
    const { client } = await testDaemon();
    const folder = await scratchFolder();
    const path = join(folder, 'input.mrc');
    await writeVolume(path, { grid: odd, voxels });
    const { id } = await client.call('volume.open', { path });
    const save = (to: string): Promise<string> => kindOf(client.call('volume.save', { volume: id, path: to }));
    expect(await save(path)).toBe('output.is-input');
    expect(await save('relative.mrc')).toBe('output.unwritable');
    expect(await save(join(folder, 'none', 'x.mrc'))).toBe('output.unwritable');
    expect(await save('/proc/x.mrc')).toBe('output.unwritable');
    expect(await save(join(folder, 'x.txt'))).toBe('output.unwritable');
    expect(await save(folder)).toBe('output.unwritable');
  });

  it('that are not finite have no statistics', async () => {
    const daemon = await testDaemon();
    const bad = voxels.slice();
    bad[17] = NaN;
    const id = await upload(daemon, bad, odd);
    expect(await kindOf(daemon.client.call('volume.statistics', { volume: id }))).toBe('input.voxels');
  });

  it('uploaded and computed ones outlive a restart, those of the user’s files do not', async () => {
    const home = await scratchFolder();
    const first = await testDaemon({ home });
    const inputs = await uploadInputs(first, 32);
    const { id } = await first.client.call('job.submit', { ...quick, inputs: { ...inputs } });
    const done = await reach(first.client, id, 'done');
    const result = await floats(await download(first, done.outputs['sharpened'] ?? ''));
    const path = join(await scratchFolder(), 'map.mrc');
    await writeVolume(path, { grid: odd, voxels });
    await first.client.call('volume.open', { path });
    await first.daemon.stop(0);
    const second = await testDaemon({ home });
    expect(await second.client.call('volume.list', {})).toHaveLength(4);
    expect(await floats(await download(second, done.outputs['sharpened'] ?? ''))).toEqual(result);
    expect(result.some((v) => v !== 0)).toBe(true);
    const inside = ball(32, 0.6);
    expect(result.every((v, i) => v === 0 || inside[i] === 1)).toBe(true);
  });
});
