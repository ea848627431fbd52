import { join } from 'node:path';
import type { Grid } from '@chimerax-like/rpc';
import { writeVolume } from '@locscale/daemon/dist/volumes/index.js';
import { seededRandom } from './data/random.js';
import { syntheticMaps, voxelSize } from './data/synthetic-maps.js';
import { withWorkplace } from './locscale.js';
import type { Bench } from './measurement.js';
import { medianWall } from './timing.js';

const edge = 256;
const grid: Grid = { shape: [edge, edge, edge], voxelSize: [voxelSize, voxelSize, voxelSize], origin: [0, 0, 0] };

/** Seconds for the whole command that the project wants. */
const goal = 6;

/** Two half maps, a reference and a mask as files. */
async function writeInputs(folder: string): Promise<void> {
  const { map, reference, compact } = await syntheticMaps(edge);
  const random = seededRandom(7);
  const deviation = Math.sqrt(map.reduce((sum, value) => sum + value * value, 0) / map.length);
  const difference = map.map(() => 0.3 * deviation * random.normal());
  const write = (name: string, voxels: Float32Array): Promise<void> =>
    writeVolume(join(folder, name), { grid, voxels });
  await write(
    'half1.mrc',
    map.map((value, i) => value + (difference[i] as number)),
  );
  await write(
    'half2.mrc',
    map.map((value, i) => value - (difference[i] as number)),
  );
  await write('reference.mrc', reference);
  await write('mask.mrc', Float32Array.from(compact));
}

export const commandBench: Bench = {
  name: 'command',
  about:
    'the whole command, from files to file: 256³ half maps, given reference, 10⁶ mask voxels, default window (25 Å); on the clock',
  run: ({ report }) =>
    withWorkplace(async ({ folder, locscale, daemon }) => {
      await writeInputs(folder);
      const sharpen = (...words: readonly string[]): Promise<void> =>
        locscale('-hm', 'half1.mrc', 'half2.mrc', '-mm', 'reference.mrc', '-ma', 'mask.mrc', '-o', 'out.mrc', ...words);
      const against = { what: 'goal', value: goal, goal: 1 };
      report({
        case: 'in its own process (--no-daemon)',
        value: await medianWall(3, () => sharpen('--no-daemon')),
        unit: 's',
        against,
      });
      await daemon();
      report({ case: 'through the running daemon', value: await medianWall(3, () => sharpen()), unit: 's', against });
    }),
};
