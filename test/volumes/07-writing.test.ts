import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeAtomically } from '../../daemon/src/volumes/atomic-file.js';
import { readVolume, writeVolume, type Volume } from '../../daemon/src/volumes/index.js';
import { temporaryName } from '../../daemon/src/volumes/temporary-file.js';
import { encodeMap } from './helpers/encode-map.js';
import { failure } from './helpers/errors.js';
import { randomIntegers } from './helpers/random.js';
import { putFile, scratchFolder } from './helpers/scratch.js';

const scratch = scratchFolder();
const isRoot = process.getuid?.() === 0;
const temporaries = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.tmp'));
const volume = async (): Promise<Volume> => readVolume(putFile(scratch, 'map.mrc', encodeMap({})));

describe('replacing a file', () => {
  it('leaves no temporary file, keeps permissions and replaces the target of a symbolic link', async () => {
    const { grid, voxels } = await volume();
    const path = putFile(scratch, 'old.mrc', 'old');
    execFileSync('chmod', ['600', path]);
    const link = join(scratch, 'link.mrc');
    symlinkSync(path, link);
    await writeVolume(link, { grid, voxels });
    expect((await readVolume(path)).voxels).toEqual(voxels);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(temporaries(scratch)).toEqual([]);
  });

  it('keeps the old file when writing fails half way', async () => {
    const path = putFile(scratch, 'kept.mrc', 'old');
    const work = writeAtomically(path, 10, async (handle) => {
      await handle.write('half');
      throw Object.assign(new Error('disk'), { code: 'EIO' });
    });
    const error = await failure(work);
    expect([error.kind, error.message]).toEqual(['output.unwritable', expect.stringContaining('EIO')]);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(temporaries(scratch)).toEqual([]);
  });

  it('removes what a killed writer left, once it is old, and nothing else', async () => {
    const folder = join(scratch, 'left');
    mkdirSync(folder);
    const dead = spawnSync('true').pid;
    const name = (host: string, pid: number, id: string): string => `.locscale-${host}-${pid}-${id.repeat(16)}.tmp`;
    const here = temporaryName().split('-')[1] ?? '';
    const long = new Date(Date.now() - 3_600_000);
    const put = (file: string, time: Date): string => {
      utimesSync(putFile(folder, file, 'left'), time, time);
      return file;
    };
    const abandoned = put(name(here, dead, 'a'), long);
    const kept = [
      put(name(here, dead, 'b'), new Date()),
      put(name(here, process.pid, 'c'), long),
      put(name('elsewhere', dead, 'd'), long),
      put('.locscale-mine.tmp', long),
    ];
    const { grid, voxels } = await volume();
    await writeVolume(join(folder, 'out.mrc'), { grid, voxels });
    expect(readdirSync(folder).sort()).toEqual([...kept, 'out.mrc'].sort());
    expect(existsSync(join(folder, abandoned))).toBe(false);
  });

  it.skipIf(isRoot)('is refused where nothing may be written (root may write everywhere)', async () => {
    const folder = join(scratch, 'closed');
    mkdirSync(folder, { mode: 0o500 });
    const { grid, voxels } = await volume();
    const error = await failure(writeVolume(join(folder, 'out.mrc'), { grid, voxels }));
    expect([error.kind, error.message]).toEqual(['output.unwritable', expect.stringContaining('permission')]);
  });

  it.each([
    ['as stored', undefined],
    ['in another axis order', [3, 2, 1] as const],
  ])('stops in the middle when it is cancelled, and keeps the old file: %s', async (_, axisOrder) => {
    const { grid, header } = await readVolume(putFile(scratch, 'map.mrc', encodeMap({})));
    const path = putFile(scratch, 'cancelled.mrc', 'old');
    const shape = [150, 300, 300] as const;
    const controller = new AbortController();
    const content = {
      grid: { ...grid, shape: [...shape] as [number, number, number] },
      voxels: new Float32Array(shape[0] * shape[1] * shape[2]).fill(1, 5),
      ...(axisOrder === undefined ? {} : { template: { ...header, axisOrder } }),
    };
    const work = failure(writeVolume(path, content, controller.signal));
    while (temporaries(scratch).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort();
    expect((await work).kind).toBe('job.cancelled');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(temporaries(scratch)).toEqual([]);
  });

  it('refuses results that are not finite and voxels that do not fit the grid', async () => {
    const { grid, voxels } = await volume();
    const path = join(scratch, 'never.mrc');
    const bad = voxels.slice();
    bad[5] = NaN;
    expect((await failure(writeVolume(path, { grid, voxels: bad }))).kind).toBe('input.voxels');
    expect((await failure(writeVolume(path, { grid, voxels: voxels.slice(1) }))).kind).toBe('rpc.internal');
    expect(existsSync(path)).toBe(false);
  });
});

/** A file system of 2 MiB, or null where none can be mounted. */
const smallDisk = (): string | null => {
  const folder = join(scratch, 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return folder;
};
const disk = smallDisk();
afterAll(() => {
  if (disk !== null) execFileSync('umount', [disk]);
});

describe.skipIf(disk === null)('a full disk (needs the right to mount a tmpfs)', () => {
  const folder = disk ?? '';
  const big = encodeMap({ dimensions: [100, 100, 60] });

  it('is found before writing, with both numbers', async () => {
    const { grid, voxels } = await readVolume(putFile(scratch, 'big.mrc', big));
    const path = putFile(folder, 'out.mrc', 'old');
    const error = await failure(writeVolume(path, { grid, voxels }));
    expect([error.kind, error.message]).toEqual(['output.disk-full', expect.stringMatching(/2401024 bytes.*free/u)]);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out.mrc']);
  });

  it('is found while writing, when others fill it', async () => {
    const path = putFile(folder, 'out.mrc', 'old');
    const work = writeAtomically(path, 0, (handle) => handle.writeFile(big));
    const error = await failure(work);
    expect([error.kind, error.message]).toEqual(['output.disk-full', expect.stringContaining('disk is full')]);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out.mrc']);
  });
});

const built = new URL('../../daemon/dist/volumes/index.js', import.meta.url);
/** Writes one map after the other over the same file until it is killed: every voxel of write number n but the first is n. */
const writeForever = (path: string): string => `
  import { writeVolume } from ${JSON.stringify(built.href)};
  const grid = { shape: [64, 256, 256], voxelSize: [1, 1, 1], origin: [0, 0, 0] };
  for (let n = 1; ; n++) {
    const voxels = new Float32Array(64 * 256 * 256).fill(n);
    voxels[0] = 0;
    await writeVolume(${JSON.stringify(path)}, { grid, voxels });
    process.send(n);
  }`;

describe.skipIf(!existsSync(built))('kill -9 in the middle of writing (needs the built daemon)', () => {
  it('leaves a whole file, old or new, every time', { timeout: 60_000 }, async () => {
    const path = join(scratch, 'killed.mrc');
    const random = randomIntegers(7);
    let last = 0;
    for (let kill = 0; kill < 8; kill++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', writeForever(path)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      let finished = 0;
      child.on('message', (n) => (finished = Number(n)));
      for (let writes = 1 + (kill % 3); writes > 0; writes--) await once(child, 'message');
      await new Promise((resolve) => setTimeout(resolve, random(150)));
      // What it said before its end may come after it.
      const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
      child.kill('SIGKILL');
      await ended;
      const { voxels } = await readVolume(path);
      const n = voxels[1] ?? 0;
      expect(voxels.findIndex((value, i) => value !== (i === 0 ? 0 : n))).toBe(-1);
      // The answer to the last write may have been lost with the process.
      expect([finished, finished + 1]).toContain(n);
      last = Math.max(last, n);
    }
    expect(last).toBeGreaterThan(1);
  });
});
