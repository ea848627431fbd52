import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Grid } from '@chimerax-like/rpc';
import { embedded, findNetwork, MapNetwork, readGraph } from '@locscale/daemon/dist/networks/index.js';
import { writeVolume } from '@locscale/daemon/dist/volumes/index.js';
import { seededRandom } from './data/random.js';
import { syntheticMaps } from './data/synthetic-maps.js';
import { withWorkplace } from './locscale.js';
import type { Bench } from './measurement.js';
import { timed } from './timing.js';

const edge = 32;
const passes = 15;
/** Most that 15 passes may cost of one, and seconds for the whole enhancement, that the project wants. */
const [goalPasses, goalSeconds] = [5, 120];
const rounds = 8;
/** A molecule of about 200 kDa. */
const maskVoxels = 250_000;

/** Milliseconds of processor time for one cube with one thread, the least of some rounds. */
async function cubeTime(sampling: { readonly passes: number; readonly seed: number } | null): Promise<number> {
  const found = await findNetwork(embedded);
  const settings = { device: 'cpu', threads: 1, cube: [edge, edge, edge], sampling } as const;
  const network = await MapNetwork.open(await readGraph(found), found.manifest, settings);
  const random = seededRandom(5);
  const cube = Float32Array.from({ length: edge ** 3 }, () => 0.1 * random.normal());
  try {
    await network.predict(cube.slice(), [0]);
    let least = Infinity;
    for (let round = 0; round < rounds; round++)
      least = Math.min(least, (await timed(() => network.predict(cube.slice(), [round]))).cpu);
    return 1000 * least;
  } finally {
    await network.close();
  }
}

/** The same network in PyTorch, its weights random, by the training's own script; null where PyTorch is missing. */
function pytorchPass(): { readonly milliseconds: number; readonly version: string } | null {
  const env = { ...process.env, PYTHONPATH: fileURLToPath(new URL('../../training', import.meta.url)) };
  for (const python of ['python3', '/usr/bin/python3']) {
    const words = ['-m', 'locscale_training.emmernet_sim.time_pass'];
    const { status, stdout } = spawnSync(python, words, { env, encoding: 'utf8' });
    if (status === 0) return JSON.parse(stdout) as { milliseconds: number; version: string };
  }
  return null;
}

/** Half maps of 128³ at 1 Å and a mask. */
async function writeInputs(folder: string): Promise<void> {
  const n = 128;
  const grid: Grid = { shape: [n, n, n], voxelSize: [1, 1, 1], origin: [0, 0, 0] };
  const { map, compact } = await syntheticMaps(n, maskVoxels);
  const random = seededRandom(7);
  const deviation = Math.sqrt(map.reduce((sum, value) => sum + value * value, 0) / map.length);
  const write = (name: string, voxels: Float32Array): Promise<void> =>
    writeVolume(join(folder, name), { grid, voxels });
  for (const name of ['half1.mrc', 'half2.mrc'])
    await write(
      name,
      map.map((value) => value + 0.3 * deviation * random.normal()),
    );
  await write('mask.mrc', Float32Array.from(compact));
}

export const networkBench: Bench = {
  name: 'networks',
  about: `the embedded network: one cube of ${edge}³, one thread, processor time; feature enhancement of 128³ Å, two threads, on the clock`,
  async run({ report, note }) {
    const plain = await cubeTime(null);
    const sampled = await cubeTime({ passes, seed: 1 });
    const peer = pytorchPass();
    if (peer === null) note('not compared with PyTorch: no python3 here has it (Debian: python3-torch)');
    report({
      case: 'one pass',
      value: plain,
      unit: 'ms',
      ...(peer === null ? {} : { against: { what: `PyTorch ${peer.version}, one thread`, value: peer.milliseconds } }),
    });
    report({
      case: `${passes} Monte Carlo passes`,
      value: sampled,
      unit: 'ms',
      against: { what: `${goalPasses} times one pass`, value: goalPasses * plain, goal: 1 },
    });
    await withWorkplace(async ({ folder, locscale }) => {
      await writeInputs(folder);
      const words = ['-hm', 'half1.mrc', 'half2.mrc', '-ma', 'mask.mrc', '-o', 'fem.mrc', '--no-daemon'];
      const enhancing = await timed(() =>
        locscale('feature_enhance', ...words, '--device', 'cpu', '-np', '2', '--model_path', embedded),
      );
      report({
        case: 'feature_enhance, 128³ at 1 Å',
        value: enhancing.wall,
        unit: 's',
        against: { what: 'goal', value: goalSeconds, goal: 1 },
      });
    });
  },
};
