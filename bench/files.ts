import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Grid } from '@chimerax-like/rpc';
import { readVolume, writeVolume } from '@locscale/daemon/dist/volumes/index.js';
import { seededRandom } from './data/random.js';
import { withWorkplace } from './locscale.js';
import type { Bench } from './measurement.js';
import { medianWall } from './timing.js';

const edge = 256;
const grid: Grid = { shape: [edge, edge, edge], voxelSize: [1.2, 1.2, 1.2], origin: [0, 0, 0] };

/** What the system needs to bring these bytes to the disk. */
async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

export const filesBench: Bench = {
  name: 'files',
  about: 'a 256³ map of mode 2 in and out, statistics and checks included; on the clock',
  run: ({ report }) =>
    withWorkplace(async ({ folder }) => {
      const random = seededRandom(11);
      const voxels = Float32Array.from({ length: edge ** 3 }, () => random.normal());
      const [plain, packed, other] = ['map.mrc', 'map.mrc.gz', 'other.mrc'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      await writeVolume(plain, { grid, voxels });
      const bytes = await readFile(plain);
      const packedBytes = await promisify(gzip)(bytes, { level: 1 });
      await writeFile(packed, packedBytes);

      report({
        case: 'read .mrc',
        value: await medianWall(5, () => readVolume(plain)),
        unit: 's',
        against: { what: 'the bytes alone', value: await medianWall(5, () => readFile(plain)) },
      });
      report({
        case: 'read .mrc.gz',
        value: await medianWall(3, () => readVolume(packed)),
        unit: 's',
        against: { what: 'zlib alone', value: await medianWall(3, () => promisify(gunzip)(packedBytes)) },
      });
      report({
        case: 'write .mrc, synced to the disk',
        value: await medianWall(5, () => writeVolume(plain, { grid, voxels })),
        unit: 's',
        against: { what: 'the bytes alone', value: await medianWall(5, () => writeAndSync(other, bytes)) },
      });
    }),
};
