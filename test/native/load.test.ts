import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availableThreads, explainLoadFailure, nativeInfo } from '@locscale/native';

it('says which instruction set and which FFTW are in use', () => {
  const info = nativeInfo();
  expect(info.fftw).toMatch(/^fftw-3\.\d+/);
  expect(info.targets).toContain(info.simd);
  expect([1, 2, 4, 8, 16, 32]).toContain(info.lanes);
});

describe('a load failure is explained by one sentence with the fix', () => {
  it.each([
    [
      'missing-library',
      'libfftw3f.so.3: cannot open shared object file: No such file or directory',
      /libfftw3f\.so\.3, which is not on this machine; install libfftw3-dev/,
    ],
    [
      'missing-library',
      'Error loading shared library libhwy.so.1: No such file or directory (needed by locscale_native.node)',
      /libhwy\.so\.1.*install libhwy-dev/,
    ],
    [
      'missing-library',
      'dlopen(a.node, 0x0001): Library not loaded: /opt/homebrew/opt/fftw/lib/libfftw3f.3.dylib',
      /libfftw3f\.3\.dylib.*Homebrew/,
    ],
    ['missing-library', 'libodd.so.2: cannot open shared object file', /install the package that holds it/],
    [
      'old-libraries',
      "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by a.node)",
      /asks for GLIBCXX_3\.4\.32/,
    ],
    ['wrong-platform', '/a/b.node: invalid ELF header', /another processor, system or Node, or is damaged/],
    ['wrong-platform', "mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')", /another/],
    ['other', 'something new', /does not load \(something new\)/],
  ] as const)('%s: %s', (reason, loaderText, sentence) => {
    const error = explainLoadFailure('/a/b.node', true, loaderText);
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(sentence);
    expect(error.message).toMatch(/npm run setup/);
    expect(error.message.split('\n')).toHaveLength(1);
  });
});

describe('the package without a working addon', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'locscale-load-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** What a program sees that imports a copy of the package with this file (or none) in the addon's place. */
  function failure(name: string, addon?: string): unknown {
    const copy = join(folder, name);
    cpSync(fileURLToPath(new URL('../../native/dist', import.meta.url)), join(copy, 'dist'), { recursive: true });
    writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
    if (addon !== undefined) {
      mkdirSync(join(copy, 'build/Release'), { recursive: true });
      writeFileSync(join(copy, 'build/Release/locscale_native.node'), addon);
    }
    const program = `
      import { LoadError, availableThreads, statistics } from './dist/index.js';
      const error = await statistics(new Float32Array(8)).catch((e) => e);
      const { name, kind, reason, message } = error;
      console.log(JSON.stringify({ name, kind, reason, message, own: error instanceof LoadError, threads: availableThreads() }));`;
    const options = { cwd: copy, encoding: 'utf8' } as const;
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], options));
  }

  const common = { name: 'LoadError', kind: 'engine.missing', own: true, threads: availableThreads() };

  it('can be imported, and says at the first call that the addon is not built', () => {
    expect(failure('absent')).toEqual({
      ...common,
      reason: 'not-built',
      message: expect.stringMatching(/does not exist; run `npm run setup`/) as string,
    });
  });

  it('says that a damaged addon is damaged', () => {
    expect(failure('damaged', 'not a shared library, but long enough to have a header'.repeat(20))).toEqual({
      ...common,
      reason: 'wrong-platform',
      message: expect.stringMatching(/damaged; run `npm run setup`/) as string,
    });
  });
});
