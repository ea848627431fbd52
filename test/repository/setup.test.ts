import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addon } from '../../scripts/setup/addon.mjs';
import { takeLock } from '../../scripts/setup/lock.mjs';
import { lockDifference, nodeModules } from '../../scripts/setup/node-modules.mjs';
import { satisfies } from '../../scripts/setup/node-version.mjs';
import { installLine, needs } from '../../scripts/setup/packages.mjs';
import { page } from '../../scripts/setup/page.mjs';
import { SetupError } from '../../scripts/setup/step.mjs';
import { systemPackages } from '../../scripts/setup/system.mjs';
import { typescript } from '../../scripts/setup/typescript.mjs';
import { root } from './tree.js';

const steps = [systemPackages, nodeModules, addon, typescript, page];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locscale-setup-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Ends within `ms`, and says how the wait went. */
const waitFor = async (condition: () => boolean, ms: number): Promise<boolean> => {
  for (const deadline = Date.now() + ms; Date.now() < deadline;) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return condition();
};

describe('the set-up when nothing is missing', () => {
  it('is silent and takes less than half a second', () => {
    // Asked first, so that this test never installs anything while others run.
    const missing = steps.map((step) => step.missing(root)).filter((reason) => reason !== null);
    expect(missing, 'something has changed since the last set-up: run npm run setup first').toEqual([]);
    const runs = [1, 2, 3].map(() => {
      const startedAt = performance.now();
      const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/setup.mjs'], {
        cwd: root,
        encoding: 'utf8',
      });
      expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
      return performance.now() - startedAt;
    });
    expect(Math.min(...runs)).toBeLessThan(500);
  });
});

describe('the line that installs system packages', () => {
  it.each([
    [
      'apt-get',
      'sudo apt-get install -y --no-install-recommends g++ make python3 libfftw3-dev libhwy-dev gemmi-dev tao-pegtl-dev',
    ],
    ['dnf', 'sudo dnf install -y gcc-c++ make python3 fftw-devel highway-devel gemmi-devel PEGTL-devel'],
    ['pacman', 'sudo pacman -S --needed --noconfirm gcc make python fftw highway gemmi pegtl'],
    ['brew', 'xcode-select --install && brew install python fftw highway gemmi pegtl'],
  ] as const)('is one line for %s', (manager, line) => {
    expect(installLine(manager, needs, false)).toBe(line);
  });

  it('names only what is missing, and no sudo for root', () => {
    const highway = needs.filter((need) => need.header === 'hwy/highway.h');
    expect(installLine('apt-get', highway, true)).toBe('apt-get install -y --no-install-recommends libhwy-dev');
    expect(installLine('brew', highway, false)).toBe('brew install highway');
  });

  it('is printed for a user who is not root, with exit code 1', () => {
    // An empty PATH but for a package manager: every command is missing, as on a bare machine.
    writeFileSync(join(folder, 'dnf'), '#!/bin/sh\n', { mode: 0o755 });
    const { stderr, status } = spawnSync(process.execPath, ['scripts/setup.mjs'], {
      cwd: root,
      env: { PATH: folder },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^setup: a C\+\+20 compiler, make, python3 not found; .*:\n {2}(sudo )?dnf install -y gcc-c\+\+ make python3\n$/,
    );
  });
});

describe('the check of the npm packages', () => {
  const wanted = {
    packages: {
      '': {},
      daemon: { version: '0.1.0' },
      'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  };
  const installed = { packages: { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' } } };

  it('accepts an install without the optional packages of other platforms', () => {
    expect(lockDifference(wanted, installed)).toBeNull();
  });

  it('names a package that is missing or differs', () => {
    expect(lockDifference(wanted, { packages: {} })).toBe('node_modules/zod is not installed');
    const other = { packages: { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-b' } } };
    expect(lockDifference(wanted, other)).toBe('node_modules/zod is of another version');
  });

  it('sees that node_modules is not there', () => {
    expect(nodeModules.missing(folder)).toBe('node_modules is missing');
  });
});

it('the version of Node is compared by number, not by text', () => {
  expect(satisfies('20.19.0', '>=20.19')).toBe(true);
  expect(satisfies('20.9.0', '>=20.19')).toBe(false);
  expect(satisfies('22.0.0', '>=20.19')).toBe(true);
  expect(satisfies('18.20.0', '>=20.19')).toBe(false);
});

describe('the lock of the set-up', () => {
  const locks = (): readonly string[] => readdirSync(join(folder, '.cache', 'setup'));
  const holder = `
    const { takeLock } = await import(${JSON.stringify(join(root, 'scripts/setup/lock.mjs'))});
    const release = takeLock(process.argv[1]);
    process.stdout.write('held');
    process.stdin.once('data', () => { release(); process.exit(0); });
  `;

  it('is held by one process at a time and taken over when its holder is killed', async () => {
    const other = spawn(process.execPath, ['--input-type=module', '-e', holder, folder], { stdio: 'pipe' });
    let said = '';
    other.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await waitFor(() => said === 'held', 10_000)).toBe(true);
    expect(() => takeLock(folder, 0)).toThrow(SetupError);
    other.kill('SIGKILL');
    expect(await waitFor(() => other.signalCode !== null, 10_000)).toBe(true);
    const release = takeLock(folder, 0);
    expect(locks()).toEqual(['lock']);
    release();
    expect(locks()).toEqual([]);
  });

  it('does not take a recycled process id for the holder', () => {
    mkdirSync(join(folder, '.cache', 'setup'), { recursive: true });
    writeFileSync(join(folder, '.cache', 'setup', 'lock'), `${String(process.pid)} 1`);
    takeLock(folder, 0)();
    expect(locks()).toEqual([]);
  });
});
