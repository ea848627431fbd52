import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { scaleWindows, type ScaleWindowsInput } from '@locscale/native';
import type { BenchContext } from '../measurement.js';
import { median, rounds, timed } from '../timing.js';

const run = promisify(execFile);
const edge = 256;
const windows = [20, 26, 32] as const;

/** Where the prototype leaves its maps. */
const folder = join(tmpdir(), 'fast-scaling-yardstick');

const floats = async (name: string): Promise<Float32Array> => {
  const bytes = await readFile(join(folder, name));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
};

const numberIn = (text: string, pattern: RegExp): number => {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The prototype printed no ${String(pattern)}: ${text.slice(0, 400)}`);
  return Number(found);
};

/** Microseconds of processor time a voxel: profiles of both maps and linear part; its program for files and tables is not counted. */
async function timePrototype(program: string, windowSize: number): Promise<number> {
  const { stdout } = await run(program, [String(windowSize)], { maxBuffer: 1 << 24 });
  const profilesOfOneMap = numberIn(stdout, /per map ([\d.]+) ns\/voxel/);
  const linearPart = numberIn(stdout, /= ([\d.]+) ns\/masked voxel/);
  return (2 * profilesOfOneMap + linearPart) / 1000;
}

/** Times the kernel on the very maps that the prototype makes, in turn with it. */
export async function besidePrototype({ report, note, yardstick }: BenchContext): Promise<void> {
  if (yardstick === null) {
    return note('beside the prototype: left out, no --yardstick FOLDER and no LOCSCALE_YARDSTICK');
  }
  const program = join(resolve(yardstick), 'run');
  if (!existsSync(program)) throw new Error(`${program} does not exist; name the folder that holds the program run.`);
  // Builds it and makes its maps.
  await timePrototype(program, windows[0]);
  const mask = new Uint8Array(await readFile(join(folder, `m${edge}_mask.u8`)));
  const maps = { map: await floats(`m${edge}_em.f32`), reference: await floats(`m${edge}_ref.f32`), mask };
  const voxels = mask.reduce((sum, value) => sum + value, 0);
  for (const windowSize of windows) {
    const input: ScaleWindowsInput = { ...maps, shape: [edge, edge, edge], windowSize, form: 'atomic' };
    const times = await rounds(3, async () => ({
      prototype: await timePrototype(program, windowSize),
      scaling: (1e6 * (await timed(() => scaleWindows(input, { threads: 1 }))).cpu) / voxels,
    }));
    report({
      case: `window ${windowSize}, the prototype's maps, one thread`,
      value: median(times.map(({ scaling }) => scaling)),
      unit: 'µs/voxel',
      // Not slower by more than 10 %.
      against: { what: 'prototype', value: median(times.map(({ prototype }) => prototype)), goal: 1 / 1.1 },
    });
  }
}
