import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Grid } from '@chimerax-like/rpc';
import { writeVolume } from '../../daemon/src/volumes/index.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const program = join(root, 'daemon', 'bin', 'locscale.js');

/** What a finished process said. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A process that has been started; its output gathers in `out` and `error`. */
export interface Started {
  readonly child: ChildProcess;
  readonly output: { out: string; error: string };
  readonly finished: Promise<Finished>;
}

/** A state folder and a working folder of its own, and the real program in it; pipes, no terminal. */
export class Workplace {
  readonly folder: string;
  readonly program = program;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string) {
    this.folder = folder;
    this.#env = { ...process.env, LOCSCALE_HOME: join(folder, 'home') };
  }

  static async create(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'locscale-cli-')));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { out: '', error: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.error += text));
    const finished = once(child, 'close').then(([code]) => ({
      code: typeof code === 'number' ? code : null,
      ...output,
    }));
    return { child, output, finished };
  }

  run(...args: readonly string[]): Promise<Finished> {
    return this.start(process.execPath, [program, ...args]).finished;
  }

  /** Ends the daemon, if one was started, and removes everything. */
  async close(): Promise<void> {
    await this.run('daemon', 'stop');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A cubic grid of `n` voxels at 1.5 Å. */
export const cube = (n: number, voxelSize = 1.5): Grid => ({
  shape: [n, n, n],
  voxelSize: [voxelSize, voxelSize, voxelSize],
  origin: [0, 0, 0],
});

/** Writes a map whose voxels come from a function of their number. */
export function writeMap(path: string, grid: Grid, value: (index: number) => number): Promise<void> {
  const voxels = Float32Array.from({ length: grid.shape[0] * grid.shape[1] * grid.shape[2] }, (_, i) => value(i));
  return writeVolume(path, { grid, voxels });
}

/** A repeatable stand-in for noise, in [-1, 1). */
export const noise =
  (seed: number) =>
  (index: number): number => {
    const mixed = Math.imul((index + 1) ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 31 - 1;
  };

/** Writes half1, half2, reference and mask (a ball) of `n` voxels and returns the options that name them. */
export async function writeInputs(workplace: Workplace, n = 32): Promise<readonly string[]> {
  const grid = cube(n);
  const path = (name: string): string => workplace.path(name);
  await writeMap(path('half1.mrc'), grid, noise(1));
  await writeMap(path('half2.mrc'), grid, noise(2));
  await writeMap(path('reference.mrc'), grid, noise(3));
  const centre = (n - 1) / 2;
  await writeMap(path('mask.mrc'), grid, (i) => {
    const [z, y, x] = [Math.floor(i / (n * n)), Math.floor(i / n) % n, i % n];
    return Math.hypot(z - centre, y - centre, x - centre) < n / 4 ? 1 : 0;
  });
  return ['-hm', 'half1.mrc', 'half2.mrc', '-mm', 'reference.mrc', '-ma', 'mask.mrc'];
}
