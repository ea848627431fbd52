import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Archive, archiveOf, fetchEntry, type FetchOptions, readEntry } from '../../daemon/src/emdb/index.js';
import { levelIn } from '../../daemon/src/emdb/header.js';
import { EntryServer, header } from './entry-server.js';
import { addEntry } from './maps.js';

let parent: string;
let folder: string;
let server: EntryServer;
let archive: Archive;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'locscale-emdb-'));
  folder = join(parent, 'EMD-1234');
  server = new EntryServer();
  archive = { base: await server.start() };
  await addEntry(server, '1234', 16);
});
afterEach(async () => {
  await server.stop();
  await rm(parent, { recursive: true, force: true });
});

const mapFile = 'emd_1234.map.gz';
const halfFiles = ['emd_1234_half_map_1.map.gz', 'emd_1234_half_map_2.map.gz'];
const bytesOf = (path: string): Buffer => server.files.get(`EMD-1234/${path}`) ?? Buffer.alloc(0);
const there = async (): Promise<readonly string[]> => (await readdir(folder)).sort();
const fetching = (options: Partial<FetchOptions> = {}) =>
  fetchEntry(archive, '1234', folder, { halfMaps: true, mostBytes: 1e9, onProgress: () => undefined, ...options });

describe('names of entries', () => {
  it.each(['1234', 'EMD-1234', 'emd_1234', 'emdb:1234', ' EMDB:EMD-1234 '])('reads %s', (text) => {
    expect(readEntry(text)).toBe('1234');
  });

  it.each(['12', 'EMD-', '../1234', 'emdb:12a4', '1234567', '1234.map'])('refuses %s', (text) => {
    expect(() => readEntry(text)).toThrow('write its number as EMD-1234');
  });

  it('asks EMDB at its home, or the copy that the user names', () => {
    expect(archiveOf({})).toEqual({ base: 'https://ftp.ebi.ac.uk/pub/databases/emdb/' });
    expect(archiveOf({ LOCSCALE_EMDB: 'https://files.wwpdb.org/pub/emdb' }).base).toBe(
      'https://files.wwpdb.org/pub/emdb/',
    );
    expect(() => archiveOf({ LOCSCALE_EMDB: '/data/emdb' })).toThrow('expected the address of a copy of EMDB');
  });
});

describe('fetching an entry', () => {
  it('brings map, half maps and recommended level, and asks for nothing twice', async () => {
    const seen: string[] = [];
    const first = await fetchEntry(archive, '1234', folder, {
      ...{ halfMaps: true, mostBytes: 1e9 },
      onProgress: (file, received, total) => {
        if (received === total) seen.push(file);
      },
    });
    expect(first).toEqual({
      entry: '1234',
      map: join(folder, mapFile),
      halfMaps: halfFiles.map((name) => join(folder, name)),
      contourLevel: 0.5,
      warnings: [],
    });
    expect(seen).toEqual([mapFile, ...halfFiles]);
    expect(await there()).toEqual(['emd_1234.json', mapFile, ...halfFiles]);
    expect(await readFile(join(folder, mapFile))).toEqual(bytesOf(`map/${mapFile}`));
    const record: unknown = JSON.parse(await readFile(join(folder, 'emd_1234.json'), 'utf8'));
    const bytes = bytesOf(`map/${mapFile}`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const url = `${archive.base}structures/EMD-1234/map/${mapFile}`;
    expect(record).toMatchObject({
      files: [{ part: 'map', fetched: { url, bytes: bytes.length, sha256 } }, {}, {}],
    });
    const { length } = server.requests;
    expect(await fetching()).toEqual(first);
    expect(server.requests.length).toBe(length);
  });

  it('takes the map alone when told to, and an entry without half maps', async () => {
    expect((await fetching({ halfMaps: false })).halfMaps).toBeNull();
    expect(await there()).toEqual(['emd_1234.json', mapFile]);
    for (const half of halfFiles) server.files.delete(`EMD-1234/other/${half}`);
    server.files.delete('EMD-1234/header/emd-1234.xml');
    expect(await fetching()).toMatchObject({ map: join(folder, mapFile), halfMaps: null, contourLevel: 0.5 });
    const { length } = server.requests;
    await fetching();
    expect(server.requests.length).toBe(length);
  });

  it('goes on after broken connections, in one run and in the next, unless the file was revised', async () => {
    const total = bytesOf(`map/${mapFile}`).length;
    server.habits.cutAfter = Math.floor(total / 8);
    await expect(fetching({ halfMaps: false })).rejects.toThrow(/\d+ bytes are kept for the next attempt/);
    expect(await there()).toEqual([`${mapFile}.part`, `${mapFile}.part.of`]);
    server.habits.cutAfter = null;
    server.requests.length = 0;
    await fetching({ halfMaps: false });
    expect(server.requests).toContainEqual(expect.stringMatching(new RegExp(`^GET ${mapFile} bytes=[1-9]\\d*-$`)));
    expect(await readFile(join(folder, mapFile))).toEqual(bytesOf(`map/${mapFile}`));

    await rm(folder, { recursive: true });
    server.habits.cutAfter = Math.floor(total / 8);
    await expect(fetching({ halfMaps: false })).rejects.toThrow('kept for the next attempt');
    Object.assign(server.habits, { cutAfter: null, etag: '"2"' });
    server.requests.length = 0;
    await fetching({ halfMaps: false });
    expect(server.requests.filter((request) => request.includes('bytes='))).toEqual([]);
  });

  it('stops when told to, and keeps what has come', async () => {
    server.habits.pauseMs = 20;
    const stopper = new AbortController();
    const onProgress = (): void => stopper.abort(new Error('stopped'));
    await expect(fetching({ signal: stopper.signal, onProgress })).rejects.toThrow('stopped');
    expect(await there()).toEqual([`${mapFile}.part`, `${mapFile}.part.of`]);
  });

  it('stops at whatever moment it is told to', async () => {
    server.habits.pauseMs = 20;
    // A fetch that is aborted when its answer begins settles nothing in Node 20, which meets one of a hundred of these.
    const stoppedAfter = async (ms: number): Promise<void> => {
      const stopper = new AbortController();
      const stop = (): void => stopper.abort(new Error('stopped'));
      const fetched = fetchEntry(archive, '1234', `${folder}-${ms}`, {
        ...{ halfMaps: true, mostBytes: 1e9, signal: stopper.signal },
        onProgress: () => undefined,
      });
      setTimeout(stop, ms);
      await expect(fetched).rejects.toThrow('stopped');
    };
    for (let turn = 0; turn < 10; turn++)
      await Promise.all(Array.from({ length: 40 }, (_, i) => stoppedAfter(5 * i + turn / 2)));
  });

  it('says that there is no such entry, or that a file is too large', async () => {
    await expect(
      fetchEntry(archive, '9999', folder, { halfMaps: true, mostBytes: 1, onProgress: () => undefined }),
    ).rejects.toThrow(
      /^EMD-9999 is not at 127\.0\.0\.1:\d+: .*\/EMD-9999\/map\/ has no emd_9999\.map\.gz; check the number of the entry\.$/,
    );
    await expect(fetching({ mostBytes: 100 })).rejects.toMatchObject({ kind: 'limit.size' });
    expect(server.requests.filter((request) => request.startsWith('GET') && request.includes('map'))).toEqual([]);
  });

  it('follows no redirect to another host, and keeps nothing that is no map', async () => {
    server.habits.redirect = 'http://127.0.0.1:1/emd_1234.map.gz';
    await expect(fetching()).rejects.toThrow('leads to 127.0.0.1:1, and only 127.0.0.1:');
    server.habits.redirect = null;
    server.add('1234', `map/${mapFile}`, Buffer.from('<h1>Sorry</h1>'.repeat(200)));
    await expect(fetching()).rejects.toMatchObject({ kind: 'input.format' });
    expect(await there()).toEqual([]);
  });

  it('says offline which file to fetch and where to put it, and takes what lies there', async () => {
    await server.stop();
    const error = await fetching().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'input.missing' });
    expect((error as Error).message).toContain(
      `(ECONNREFUSED); run this again when it can, or fetch ${mapFile} from ${archive.base}structures/EMD-1234/map/ on another machine, put it into ${folder} and run this again.`,
    );
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, mapFile), bytesOf(`map/${mapFile}`));
    const fetched = await fetching();
    expect(fetched).toMatchObject({ map: join(folder, mapFile), halfMaps: null, contourLevel: null });
    expect(fetched.warnings[0]?.message).toContain(`only what lies in ${folder} was taken`);
  });
});

describe('the level in the header', () => {
  it('is that of the primary contour of the entry’s own map', () => {
    expect(levelIn(header('1234', 0.0125).toString())).toBe(0.0125);
    expect(levelIn('<map><contour_list><contour><level>-2e-3</level></contour></contour_list></map>')).toBe(-0.002);
    expect(levelIn('<map></map><half_map><contour><level>1</level></contour></half_map>')).toBeNull();
    expect(levelIn('<html>')).toBeNull();
  });
});
