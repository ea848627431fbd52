import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kindOf, reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { blob, grid, quick, upload, uploadInputs } from './helpers/maps.js';
import { connectTo } from './helpers/processes.js';

const entry = fileURLToPath(new URL('../../daemon/dist/server/main.js', import.meta.url));

/** Mounts a small file system in memory; null where this user may not. */
async function smallDisk(sizeKiB: number, at: string): Promise<string | null> {
  await mkdir(at, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k,mode=700`, 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', at]);
  });
  return at;
}

/** A daemon whose files (and those of its engines) may not grow past a size: a write fails in the middle, as on a full disk. */
async function limitedDaemon(fileKiB: number): Promise<TestDaemon & { readonly home: string }> {
  const home = await scratchFolder();
  const command = `ulimit -f ${fileKiB}; exec "$0" "$1"`;
  const child = spawn('bash', ['-c', command, process.execPath, entry], {
    env: { ...process.env, LOCSCALE_HOME: home },
    stdio: 'ignore',
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return { ...(await connectTo(home, child.pid)), home } as TestDaemon & { home: string };
}

const rawFiles = async (home: string): Promise<string[]> =>
  (await readdir(join(home, 'volumes'))).filter((name) => name.endsWith('.raw'));

describe('a write that fails in the middle', () => {
  it('of an upload leaves nothing', async () => {
    const daemon = await limitedDaemon(64);
    await expect(upload(daemon, blob(32, 1), grid(32))).rejects.toThrow('output.disk-full');
    expect(await rawFiles(daemon.home)).toEqual([]);
    await expect(upload(daemon, blob(16, 1), grid(16))).resolves.toMatch(/^vol-/);
  });

  it('of a map leaves the old file as it was', async () => {
    // 32³ voxels are 128 KiB: the volumes fit exactly, the map file with its header does not.
    const daemon = await limitedDaemon(128);
    const folder = await scratchFolder();
    const path = join(folder, 'out.mrc');
    await writeFile(path, 'the old one');
    const inputs = { ...(await uploadInputs(daemon, 32)) };
    const { id } = await daemon.client.call('job.submit', { ...quick, inputs, output: { path } });
    const job = await reach(daemon.client, id, 'failed', 'done');
    expect(job.error?.kind).toMatch(/^output\.(disk-full|unwritable)$/);
    expect(await readFile(path, 'utf8')).toBe('the old one');
    expect(await readdir(folder)).toEqual(['out.mrc']);
    expect(await rawFiles(daemon.home)).toHaveLength(3);
    expect(await kindOf(daemon.client.call('volume.save', { volume: inputs.map, path }))).toMatch(/^output\./);
    expect(await readFile(path, 'utf8')).toBe('the old one');
  });
});

describe('a full disk', () => {
  it('under the volume folder: upload and job are refused with numbers, the daemon lives', async ({ skip }) => {
    const home = await scratchFolder();
    // Room for the three inputs (384 KiB) and the daemon's own small files, not for a result.
    const disk = await smallDisk(480, join(home, 'volumes'));
    if (disk === null) return skip('mounting a file system is not allowed here');
    const daemon = await testDaemon({ home });
    const inputs = { ...(await uploadInputs(daemon, 32)) };
    await expect(upload(daemon, blob(32, 1), grid(32))).rejects.toThrow(/output\.disk-full.*MiB left/);
    const { id } = await daemon.client.call('job.submit', { ...quick, inputs });
    const job = await reach(daemon.client, id, 'failed', 'done');
    expect(job.error).toMatchObject({
      kind: 'output.disk-full',
      message: expect.stringMatching(/MiB left.*MiB are needed/),
    });
    expect(await rawFiles(home)).toHaveLength(3);
    await daemon.client.call('volume.close', { volume: inputs.map });
    await expect(upload(daemon, blob(32, 2), grid(32))).resolves.toMatch(/^vol-/);
  });

  it('under the journal: no job is accepted that would be forgotten', async ({ skip }) => {
    const home = await scratchFolder();
    const disk = await smallDisk(4, join(home, 'journal'));
    if (disk === null) return skip('mounting a file system is not allowed here');
    const daemon = await testDaemon({ home });
    const inputs = { ...(await uploadInputs(daemon, 32)) };
    await writeFile(join(home, 'journal', 'filler'), Buffer.alloc(4096));
    expect(await kindOf(daemon.client.call('job.submit', { ...quick, inputs }))).toBe('output.disk-full');
    expect(await daemon.client.call('job.list', {})).toEqual([]);
  });
});
