import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// The compiled room: a thread cannot be started from TypeScript.
import { NetworkLibrary, published, pullNetworks } from '../../daemon/dist/networks/index.js';
import { fixture } from './evaluate.js';
import { RecordServer, tarGz } from './record-server.js';

const network = fixture('layers.hdf5');
const archive = tarGz([
  { name: 'emmernet/', content: new Uint8Array(0), type: '5' },
  { name: 'emmernet/README', content: Buffer.from('weights') },
  { name: 'emmernet/EMmerNet_highContext.hdf5', content: network },
  { name: '../../EMmerNet_lowContext.hdf5', content: network },
  { name: 'emmernet/link', content: new Uint8Array(0), type: '2' },
]);

let folder: string;
let library: NetworkLibrary;
let server: RecordServer;
let origin: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locscale-pull-'));
  library = new NetworkLibrary(join(folder, 'networks'));
  server = new RecordServer(archive);
  origin = await server.start();
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const pull = (replace = false): ReturnType<typeof pullNetworks> => {
  const [emmernet] = published;
  if (emmernet === undefined) throw new Error('no archive is known');
  return pullNetworks(library, { ...emmernet, origin }, { replace, program: 'test', onProgress: () => undefined });
};
const kept = async (): Promise<readonly string[]> => (await readdir(library.folder)).sort();

describe('network pull emmernet', () => {
  it('names one host, and the record and file that LocScale fetches', () => {
    expect(published).toMatchObject([
      { word: 'emmernet', origin: 'https://zenodo.org', record: '8211668', file: 'emmernet.tar.gz' },
    ]);
  });

  it('fetches, imports both networks with what the record says, and leaves nothing else', async () => {
    // Left by a pull that was killed the day before yesterday.
    const abandoned = join(library.folder, '.unpacked-killed');
    await mkdir(abandoned, { recursive: true });
    await utimes(abandoned, new Date(), new Date(Date.now() - 48 * 3_600_000));
    const networks = await pull();
    expect(networks).toMatchObject([
      {
        name: 'emmernet',
        licence: 'cc-by-4.0',
        parameters: 13_491,
        source: { format: 'keras', bytes: network.length },
      },
      { name: 'emmernet-low-context', calibrator: { kind: 'isotonic', samples: 15 } },
    ]);
    expect(networks[0]?.source.from).toBe(`${origin}/records/8211668 emmernet.tar.gz: EMmerNet_highContext.hdf5`);
    const graphs = networks.map(({ graph }) => graph.file);
    expect(await kept()).toEqual(['.pulled', 'emmernet.json', 'emmernet-low-context.json', ...graphs].sort());
    expect(await readdir(folder)).toEqual(['networks']);
    expect(await readFile(join(library.folder, '.pulled'), 'utf8')).toBe(
      `${createHash('sha256').update(archive).digest('hex')}  8211668/emmernet.tar.gz\n`,
    );
    await expect(pull()).rejects.toThrow('There is a network named emmernet already');
  });

  it('goes on after broken connections, in one run and in the next', async () => {
    server.habits.cutAfter = Math.floor(archive.length / 8);
    await expect(pull()).rejects.toThrow(
      /^127\.0\.0\.1:\d+ cannot be reached .*\d+ bytes are kept for the next attempt; .*\.$/u,
    );
    expect(server.requests.length).toBe(5);
    expect(await kept()).toEqual(['emmernet.tar.gz.part', 'emmernet.tar.gz.part.of']);
    server.habits.cutAfter = null;
    expect((await pull()).length).toBe(2);
    expect(server.requests.length).toBe(6);
    expect(server.requests.slice(1).every((range) => /^bytes=[1-9]\d*-$/u.test(range ?? ''))).toBe(true);
  });

  it('starts anew when the host knows no ranges, or the record has changed in between', async () => {
    server.habits.ranges = false;
    server.habits.cutAfter = 1000;
    await expect(pull()).rejects.toThrow('cannot be reached');
    server.habits.cutAfter = null;
    expect((await pull()).length).toBe(2);

    await rm(library.folder, { recursive: true });
    server.habits.ranges = true;
    server.habits.cutAfter = 1000;
    await expect(pull()).rejects.toThrow('cannot be reached');
    server.habits.cutAfter = null;
    server.archive = tarGz([{ name: 'EMmerNet_highContext.hdf5', content: network }]);
    expect((await pull()).map(({ name }) => name)).toEqual(['emmernet']);
  });

  it('throws away what has another digest than the record says', async () => {
    server.habits.digest = '0'.repeat(32);
    await expect(pull()).rejects.toThrow('and the record says 00000000000000000000000000000000; it was thrown away');
    expect(await kept()).toEqual([]);
  });

  it('refuses an archive other than the first one, whatever the record says', async () => {
    await pull();
    server.archive = tarGz([{ name: 'EMmerNet_highContext.hdf5', content: network }]);
    await expect(pull(true)).rejects.toThrow('and that of the first time was');
    expect((await kept()).filter((name) => name.startsWith('emmernet.tar.gz'))).toEqual([]);
  });

  it('follows no redirect to another host', async () => {
    server.habits.redirect = 'http://127.0.0.1:1/emmernet.tar.gz';
    await expect(pull()).rejects.toThrow('leads to 127.0.0.1:1, and only 127.0.0.1:');
  });

  it('says offline which file to fetch and where to put it, and takes it from there', async () => {
    await server.stop();
    const error = await pull().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'input.missing' });
    expect((error as Error).message).toContain(
      `(ECONNREFUSED); run this again when it can, or fetch emmernet.tar.gz from ${origin}/records/8211668 on another machine, put it into ${library.folder} and run this again.`,
    );
    await mkdir(library.folder, { recursive: true });
    await writeFile(join(library.folder, 'emmernet.tar.gz'), archive);
    const networks = await pull();
    expect(networks[0]?.notes.at(-1)).toContain('put there by hand');
    expect(await kept()).toContain('emmernet.tar.gz');
    await server.start();
  });

  it('refuses archives that are damaged, or hold no network', async () => {
    server.archive = archive.subarray(0, archive.length - 2000);
    await expect(pull()).rejects.toThrow('it is not a whole .tar.gz archive');
    server.archive = Buffer.from('no archive');
    await rm(library.folder, { recursive: true });
    await expect(pull()).rejects.toThrow('it is not a whole .tar.gz archive');
    server.archive = tarGz([{ name: 'readme.txt', content: Buffer.from('nothing') }]);
    await rm(library.folder, { recursive: true });
    await expect(pull()).rejects.toThrow('emmernet.tar.gz holds readme.txt, and one of EMmerNet_highContext.hdf5');
    expect(await kept()).toEqual([]);
  });
});
