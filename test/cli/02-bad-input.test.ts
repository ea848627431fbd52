import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cube, noise, program, Workplace, writeInputs, writeMap } from './locscale.js';

let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
  await writeInputs(workplace);
  const path = (name: string): string => workplace.path(name);
  await mkdir(path('folder'));
  execFileSync('mkfifo', [path('fifo.mrc')]);
  await writeFile(path('text.mrc'), 'REMARK this is not a map\n'.repeat(100));
  await writeMap(path('truncated.mrc'), cube(32), noise(4));
  await truncate(path('truncated.mrc'), 50_000);
  await writeMap(path('zeros.mrc'), cube(32), () => 0);
  const bytes = readFileSync(path('half1.mrc'));
  bytes.writeFloatLE(NaN, 1024 + 4 * 1000); // voxel 1000, behind the header of 1024 bytes
  await writeFile(path('nan.mrc'), bytes);
  bytes.writeInt32LE(2_000_000_000, 0); // NX, NY, NZ: together more than 2^53 voxels
  bytes.writeInt32LE(2_000_000_000, 4);
  bytes.writeInt32LE(2_000_000_000, 8);
  await writeFile(path('huge.mrc'), bytes);
  await writeMap(path('mask24.mrc'), cube(24), () => 1);
  await writeMap(path('reference2A.mrc'), cube(32, 2), noise(5));
});
afterAll(() => workplace.close());

/** What stands on the command line instead of the good inputs, the exit code, and what the one sentence names. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>, number, RegExp])[] = [
  ['a missing file', { '-em': 'nowhere.mrc' }, 3, /nowhere\.mrc/],
  ['a folder', { '-em': 'folder' }, 3, /folder/],
  ['a FIFO', { '-em': 'fifo.mrc' }, 3, /fifo\.mrc/],
  ['a text file', { '-em': 'text.mrc' }, 3, /text\.mrc/],
  ['a truncated map', { '-em': 'truncated.mrc' }, 3, /truncated\.mrc/],
  ['a header that claims more than 2^53 voxels', { '-em': 'huge.mrc' }, 3, /huge\.mrc.*2000000000/],
  ['a map of zeros', { '-em': 'zeros.mrc' }, 3, /zeros\.mrc/],
  ['a map with a NaN', { '-em': 'nan.mrc' }, 3, /nan\.mrc/],
  ['a mask of another size', { '-ma': 'mask24.mrc' }, 3, /24/],
  ['a reference of another voxel size', { '-mm': 'reference2A.mrc' }, 3, /1\.5.*2|2.*1\.5/],
  ['a window wider than the box', { '-wn': '40' }, 2, /40.*32|32.*40/],
  ['an output that is an input', { '-o': 'half1.mrc' }, 4, /half1\.mrc/],
  ['an output that is an input by another name', { '-o': 'folder/../half1.mrc' }, 4, /half1\.mrc/],
  ['an output in a folder that is not there', { '-o': 'nofolder/out.mrc' }, 4, /nofolder.*folder does not exist/],
  ['an output where files cannot be made', { '-o': '/proc/out.mrc' }, 4, /\/proc.*cannot be made/],
  ['an output below a file', { '-o': 'half1.mrc/out.mrc' }, 4, /not a folder/],
  ['an output with a name that is too long', { '-o': `${'x'.repeat(300)}.mrc` }, 4, /too long/],
  ['an output that is a folder', { '-o': 'folder' }, 4, /folder/],
  ['an output without the ending of a map', { '-o': 'out.txt' }, 4, /\.txt.*\.mrc/],
];

describe.each([
  ['through the daemon', []],
  ['in process', ['--no-daemon']],
])('%s, one sentence and nothing written for', (_, route) => {
  it.each(cases)('%s', async (_name, changes, expected, sentence) => {
    const before = await readdir(workplace.folder);
    const stamp = statSync(workplace.path('half1.mrc')).mtimeMs;
    const good = { '-em': 'half1.mrc', '-mm': 'reference.mrc', '-ma': 'mask.mrc', '-wn': '10', '-o': 'out.mrc' };
    const args = Object.entries({ ...good, ...changes }).flat();
    const { code, out, error } = await workplace.run(...args, ...route);
    const said = error.split('\n').filter((line) => line !== '' && !/^ *\d+ % /.test(line));
    expect(said, error).toHaveLength(1);
    expect(said[0]).toMatch(/^locscale: .*[^.]\.$/);
    expect(said[0]).toMatch(sentence);
    expect(said[0]).not.toMatch(/[Uu]nexpected|undefined|\bat .*:\d+:\d+/);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    const added = (await readdir(workplace.folder)).filter((name) => !before.includes(name) && name !== 'home');
    expect(added).toEqual([]);
    expect(statSync(workplace.path('half1.mrc')).mtimeMs).toBe(stamp);
  });
});

/** Whether the program can be run as a user without rights: root may change to one, who may read where it lies. */
const nobody = ['--reuid=65534', '--clear-groups', process.execPath];
const asUser = spawnSync('setpriv', [...nobody, program, 'version']).status === 0;

describe.each([
  ['through the daemon', []],
  ['in process', ['--no-daemon']],
])('%s, one sentence and nothing written', (_, route) => {
  const mounted: string[] = [];
  afterAll(() => mounted.forEach((place) => execFileSync('umount', [place])));

  /** Mounts an empty file system in memory; null where this user may not. */
  const disk = async (name: string, ...more: string[]): Promise<string | null> => {
    const place = workplace.path(name);
    await mkdir(place, { recursive: true });
    if (spawnSync('mount', ['-t', 'tmpfs', ...more, 'tmpfs', place]).status !== 0) return null;
    mounted.push(place);
    return place;
  };
  const inputs = ['-em', 'half1.mrc', '-mm', 'reference.mrc', '-ma', 'mask.mrc', '-wn', '10'];

  it.for([
    // The map takes 132,096 bytes; the second disk has room for it and none for the record beside it.
    ['for a disk too small for the map', 'size=64k', /132096 bytes.*free/],
    ['for a disk that is full but for the map', 'size=132k', /free|full/],
    ['for a read-only disk', 'ro', /read-only/],
  ] as const)('%s', async ([name, option, sentence], { skip }) => {
    const place = await disk(name.replaceAll(' ', '-'), '-o', option);
    if (place === null) return skip('mounting a file system is not allowed here');
    const { code, out, error } = await workplace.run(...inputs, '-o', join(place, 'out.mrc'), ...route);
    expect(error).toMatch(sentence);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(await readdir(place)).toEqual([]);
  });

  it.skipIf(!asUser)('for a folder of somebody else (needs root, and a project that others may read)', async () => {
    const home = workplace.path(`other-home${route.length}`);
    await mkdir(home, { mode: 0o700 });
    await chown(home, 65534, 65534);
    await chmod(workplace.folder, 0o755);
    await mkdir(workplace.path('closed'), { recursive: true, mode: 0o755 });
    const command = [...nobody, workplace.program, ...inputs];
    const env = { LOCSCALE_HOME: home };
    const { finished } = workplace.start('setpriv', [...command, '-o', 'closed/out.mrc', ...route], env);
    const { code, error } = await finished;
    // The daemon is that user's: its token is not root's to read, so the same user stops it.
    const stopped = await workplace.start('setpriv', [...nobody, workplace.program, 'daemon', 'stop'], env).finished;
    expect(stopped.code).toBe(0);
    expect(error).toMatch(/no permission to write there/);
    expect(code).toBe(4);
    expect(await readdir(workplace.path('closed'))).toEqual([]);
  });
});

it('answers with the kind and its exit code with --json', async () => {
  const args = ['-em', 'zeros.mrc', '-mm', 'reference.mrc', '-ma', 'mask.mrc', '-wn', '10', '--json'];
  const { code, out, error } = await workplace.run(...args);
  expect(JSON.parse(out)).toMatchObject({ ok: false, error: { kind: 'input.voxels', exitCode: 3 } });
  expect({ code, error }).toEqual({ code: 3, error: '' });
});
