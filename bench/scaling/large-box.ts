import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { availableThreads } from '@locscale/native';
import type { SyntheticMaps } from '../data/synthetic-maps.js';
import type { BenchContext } from '../measurement.js';
import type { LargeBoxResult } from './large-box-child.js';

const run = promisify(execFile);
const child = fileURLToPath(new URL('large-box-child.js', import.meta.url));

/** Scales a 512³ box, made of copies of the small maps, in a process of its own whose memory is then this call's alone. */
export async function largeBox({ report, note }: BenchContext, maps: SyntheticMaps): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-bench-'));
  try {
    for (const [name, array] of [
      ['map', maps.map],
      ['reference', maps.reference],
      ['mask', maps.compact],
    ] as const) {
      await writeFile(join(folder, name), array);
    }
    const { stdout } = await run(process.execPath, ['--expose-gc', child, folder, String(maps.edge)]);
    const { seconds, processorSeconds, disturbance, peakBytes, boxVoxels, maskVoxels } = JSON.parse(
      stdout,
    ) as LargeBoxResult;
    const name = `512³, ${(maskVoxels / 1e6).toFixed(1)} million voxels, window 26, ${availableThreads()} threads`;
    if (disturbance !== null) note(disturbance);
    report({ case: `${name}, time`, value: seconds, unit: 's', against: { what: 'goal', value: 2.5, goal: 1 } });
    report({ case: `${name}, processor time`, value: processorSeconds, unit: 's' });
    report({
      case: `${name}, memory`,
      value: peakBytes / 2 ** 30,
      unit: 'GiB',
      against: { what: 'goal, beyond the inputs', value: 1.8, goal: 1 },
    });
    report({ case: `${name}, memory by box voxel`, value: peakBytes / boxVoxels, unit: 'bytes/voxel' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
