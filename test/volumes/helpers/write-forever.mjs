// Writes one map after the other over the same file until it is killed: every voxel of write number n but the first is n.
import { writeVolume } from '../../../daemon/dist/volumes/index.js';

const [, , path] = process.argv;
const grid = { shape: [64, 256, 256], voxelSize: [1, 1, 1], origin: [0, 0, 0] };
for (let n = 1; ; n++) {
  const voxels = new Float32Array(64 * 256 * 256).fill(n);
  voxels[0] = 0;
  await writeVolume(path, { grid, voxels });
  process.send?.(n);
}
