import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root, Workplace, writeInputs } from './locscale.js';

interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly message: string }[];
}

let workplace: Workplace;
/** A second installation of the program, whose addon a test can break. */
let copy: string;
beforeAll(async () => {
  workplace = await Workplace.create();
  copy = workplace.path('copy');
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, 'daemon', part), join(copy, 'daemon', part), { recursive: true });
  for (const part of ['dist', 'package.json']) {
    cpSync(join(root, 'native', part), join(copy, 'node_modules/@locscale/native', part), { recursive: true });
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.') && name !== '@locscale')
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
});
afterAll(() => workplace.close());

async function doctorOfCopy(): Promise<{
  readonly code: number | null;
  readonly addon: string;
  readonly state: string;
}> {
  const { finished } = workplace.start(process.execPath, [join(copy, 'daemon/bin/locscale.js'), 'doctor', '--json']);
  const { code, out } = await finished;
  const addon = (JSON.parse(out) as Diagnosis).checks.find((check) => check.name === 'Native addon');
  return { code, addon: addon?.message ?? '', state: addon?.state ?? '' };
}

const breakAddon = (bytes: string | Buffer): void => {
  const folder = join(copy, 'node_modules/@locscale/native/build/Release');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'locscale_native.node'), bytes);
};

const readBuiltAddon = (): Buffer => readFileSync(join(root, 'native/build/Release/locscale_native.node'));

/** Replaces a text by one of the same length wherever it stands in the bytes. */
function replaceAll(bytes: Buffer, from: string, to: string): Buffer {
  const changed = Buffer.from(bytes);
  for (let at = changed.indexOf(from); at !== -1; at = changed.indexOf(from, at + 1)) changed.write(to, at, 'latin1');
  return changed;
}

it('finds nothing to repair here', async () => {
  const { code, out } = await workplace.run('doctor', '--json');
  const { ok, checks } = JSON.parse(out) as Diagnosis;
  expect(checks.filter((check) => check.state === 'failed')).toEqual([]);
  expect({ ok, code }).toEqual({ ok: true, code: 0 });
  expect(checks.map((check) => check.name)).toEqual([
    ...['Node', 'Native addon', 'Networks', 'Processors', 'Memory', 'State folder', 'Disk', 'Daemon'],
  ]);
  expect(checks.find((check) => check.name === 'Native addon')?.message).toMatch(/SIMD \w+/);
  // Every provider is named once: what computes, and why the others do not.
  const networks = checks.find((check) => check.name === 'Networks')?.message ?? '';
  expect(networks).toMatch(/^onnxruntime computes on [a-z, ]*\bcpu\b/);
  for (const provider of ['cuda', 'tensorrt', 'webgpu', 'dml', 'coreml']) expect(networks).toContain(provider);
  const text = await workplace.run('doctor');
  expect(text.out).toMatch(/^ok +Node: version [\d.]+$/m);
});

it('says that the addon is not built, and how to build it', async () => {
  const { code, addon, state } = await doctorOfCopy();
  expect(addon).toMatch(/locscale_native\.node does not exist; run `npm run setup` to build it\.$/);
  expect({ code, state }).toEqual({ code: 6, state: 'failed' });
});

it('says that the addon is damaged or of another platform', async () => {
  breakAddon('this is no shared object');
  const { code, addon } = await doctorOfCopy();
  expect(addon).toMatch(/(built for another processor|damaged).*run `npm run setup`/);
  expect(code).toBe(6);
});

// Names of libraries and of their versions stand in the file as plain text; one of the same length exists nowhere.
it.runIf(process.platform === 'linux').each([
  [
    'a shared library that is missing',
    'libfftw3.so.3',
    'libfftw3.so.9',
    /needs the shared library libfftw3\.so\.9.*install.*libfftw3/,
  ],
  [
    'a C library that is too old',
    'GLIBC_2.',
    'GLIBC_9.',
    /built on a newer system \(it asks for GLIBC_9\..*run `npm run setup`/,
  ],
])('names %s', async (_, from, to, sentence) => {
  const built = readBuiltAddon();
  expect(built.includes(from)).toBe(true);
  breakAddon(replaceAll(built, from, to));
  const { code, addon } = await doctorOfCopy();
  expect(addon).toMatch(sentence);
  expect(code).toBe(6);
});

it('finds a repaired addon without a restart of the daemon', async () => {
  breakAddon('this is no shared object');
  const program = join(copy, 'daemon/bin/locscale.js');
  const run = (...args: string[]) => workplace.start(process.execPath, [program, ...args]).finished;
  expect((await run('daemon', 'start')).code).toBe(0);
  const inputs = await writeInputs(workplace);
  const sharpen = [...inputs, '-wn', '10', '-o', 'repaired.mrc'];
  const broken = await run(...sharpen);
  expect(broken.error).toMatch(/locscale: .*locscale_native\.node was built for another.*npm run setup/);
  expect(broken.code).toBe(6);
  expect((await run('daemon', 'status')).out).toMatch(/Engine: not available: .*npm run setup/);
  breakAddon(readBuiltAddon());
  expect((await run(...sharpen)).code).toBe(0);
  expect((await run('daemon', 'stop')).code).toBe(0);
});

it('answers, too, when loading the addon kills the process that loads it', async () => {
  breakAddon('');
  writeFileSync(
    join(copy, 'node_modules/@locscale/native/dist/info.js'),
    // The first call into the addon, as the real one: importing the face loads nothing yet.
    "export const nativeInfo = () => process.kill(process.pid, 'SIGSEGV');\nexport const dieWithParent = () => true;\n",
  );
  const { code, addon } = await doctorOfCopy();
  expect(addon).toBe('Loading it ended with signal SIGSEGV; run `npm run setup` to build it again.');
  expect(code).toBe(6);
});

it('reports a state folder that cannot be made', async () => {
  writeFileSync(workplace.path('file'), '');
  const env = { LOCSCALE_HOME: workplace.path('file/home') };
  const { finished } = workplace.start(process.execPath, [workplace.program, 'doctor'], env);
  const { code, out } = await finished;
  expect(out).toMatch(/^FAILED +State folder: .*LOCSCALE_HOME/m);
  expect(code).toBe(6);
});

it('says in one sentence that a package is missing', async () => {
  // As in a folder whose node_modules was deleted: built, without what it imports.
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, 'daemon', part), workplace.path(`lonely/${part}`), { recursive: true });
  const { finished } = workplace.start(process.execPath, [workplace.path('lonely/bin/locscale.js'), 'version']);
  const { code, error } = await finished;
  expect(error).toMatch(
    /^locscale: A part of the program is missing \(Cannot find package '\S+'\); run `npm run setup` .*\.\n$/,
  );
  expect(code).toBe(6);
});

it('tells how to build a program that is not built', async () => {
  cpSync(join(root, 'daemon/bin'), workplace.path('bare/bin'), { recursive: true });
  const { finished } = workplace.start(process.execPath, [workplace.path('bare/bin/locscale.js'), 'doctor']);
  const { code, error } = await finished;
  expect(error).toBe('locscale: The program is not built yet; run `npm run setup` in the folder of the project.\n');
  expect(code).toBe(6);
});
