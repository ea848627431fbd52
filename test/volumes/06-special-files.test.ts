import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertNotInput, readHeader, readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { encodeMap } from './helpers/encode-map.js';
import { failure } from './helpers/errors.js';
import { putFile, scratchFolder } from './helpers/scratch.js';

const scratch = scratchFolder();
const isRoot = process.getuid?.() === 0;
const map = putFile(scratch, 'map.mrc', encodeMap({}));
mkdirSync(join(scratch, 'folder'));
execFileSync('mkfifo', [join(scratch, 'fifo')]);
symlinkSync('circle', join(scratch, 'circle'));

describe('what is no regular file', () => {
  const inputs = [
    ['folder', 'input.unreadable', /directory/u],
    ['fifo', 'input.unreadable', /FIFO/u],
    ['circle', 'input.unreadable', /ELOOP/u],
    ['nowhere.mrc', 'input.missing', /does not exist/u],
    ['map.mrc/below', 'input.missing', /does not exist/u],
    ['x'.repeat(300), 'input.unreadable', /ENAMETOOLONG/u],
    ['nul\0.mrc', 'input.unreadable', /cannot be read/u],
  ] as const;

  // A read that blocks, as opening a FIFO does, runs into the time limit.
  it.each(inputs)('is refused as input: %s', { timeout: 3000 }, async (name, kind, says) => {
    for (const read of [readHeader, readVolume]) {
      const error = await failure(read(join(scratch, name)));
      expect([error.kind, error.message]).toEqual([kind, expect.stringMatching(says)]);
    }
  });

  it.each(['/dev/zero', '/dev/null'])('is refused as input: %s', { timeout: 3000 }, async (path) => {
    const error = await failure(readHeader(path));
    expect([error.kind, error.message]).toEqual(['input.unreadable', expect.stringContaining('device')]);
  });

  it.skipIf(process.platform !== 'linux')('is refused as input: a file of the kernel (Linux)', async () => {
    // A container or chroot may lack /sys.
    for (const path of ['/proc/self/environ', '/sys/kernel/uevent_seqnum'].filter((file) => existsSync(file))) {
      const error = await failure(readHeader(path));
      expect([error.kind, error.message]).toEqual(['input.unreadable', expect.stringContaining('made by the kernel')]);
    }
  });

  it('is refused as input: a socket', async () => {
    const path = join(scratch, 'socket');
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    const error = await failure(readHeader(path));
    server.close();
    expect([error.kind, error.message]).toEqual(['input.unreadable', expect.stringContaining('socket')]);
  });

  it.skipIf(isRoot)('is refused as input: a file without permission (root may read all)', async () => {
    const path = putFile(scratch, 'secret.mrc', encodeMap({}));
    chmodSync(path, 0);
    const error = await failure(readHeader(path));
    expect([error.kind, error.message]).toEqual(['input.unreadable', expect.stringContaining('permission')]);
  });

  it('is read through a symbolic link to a file', async () => {
    symlinkSync(map, join(scratch, 'link.mrc'));
    expect((await readHeader(join(scratch, 'link.mrc'))).grid.shape).toEqual([4, 5, 6]);
  });

  const outputs = [
    ['folder', /directory/u],
    ['fifo', /no regular file/u],
    ['circle', /circle/u],
    ['nowhere/out.mrc', /folder does not exist/u],
    ['map.mrc/out.mrc', /not a folder/u],
    [`${'x'.repeat(300)}.mrc`, /too long/u],
  ] as const;

  it.each(outputs)('is refused as output: %s', { timeout: 3000 }, async (name, says) => {
    const { grid, voxels } = await readVolume(map);
    const error = await failure(writeVolume(join(scratch, name), { grid, voxels }));
    expect([error.kind, error.message]).toEqual(['output.unwritable', expect.stringMatching(says)]);
  });

  it('is refused as output: a device', async () => {
    const { grid, voxels } = await readVolume(map);
    expect((await failure(writeVolume('/dev/null', { grid, voxels }))).kind).toBe('output.unwritable');
  });
});

describe('an output that is an input', () => {
  const input = putFile(scratch, 'input.mrc', encodeMap({}));
  linkSync(input, join(scratch, 'hard.mrc'));
  symlinkSync(input, join(scratch, 'soft.mrc'));
  symlinkSync(scratch, join(scratch, 'same-folder'));
  symlinkSync(join(scratch, 'not-yet.mrc'), join(scratch, 'dangling.mrc'));

  it.each([
    ['the same path', 'input.mrc', 'input.mrc'],
    ['another spelling', 'folder/../input.mrc', 'input.mrc'],
    ['a hard link', 'hard.mrc', 'input.mrc'],
    ['a symbolic link', 'soft.mrc', 'input.mrc'],
    ['an input given by a link', 'input.mrc', 'soft.mrc'],
    ['a link to the folder', 'same-folder/input.mrc', 'input.mrc'],
    ['a new file in a linked folder', 'same-folder/new.mrc', 'new.mrc'],
  ])('is refused: %s', async (_, output, given) => {
    const error = await failure(assertNotInput(join(scratch, output), [map, join(scratch, given)]));
    expect([error.kind, error.message]).toEqual(['output.is-input', expect.stringContaining(given)]);
  });

  it('is not any other file', async () => {
    await assertNotInput(join(scratch, 'other.mrc'), [input, map]);
    await assertNotInput(map, [input]);
    await assertNotInput(join(scratch, 'nowhere/out.mrc'), [input]);
  });
});
