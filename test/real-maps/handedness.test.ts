import { join } from 'node:path';
import { applyRadialGain, contourLevel } from '@locscale/native';
import { describe, expect, it } from 'vitest';
import type { Warning } from '@chimerax-like/rpc';
import { noPieces } from '../../daemon/src/engine/context.js';
import { checkHandedness, type Handedness } from '../../daemon/src/engine/steps/check-handedness.js';
import { readVolume, type Volume } from '../../daemon/src/volumes/index.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';

/** The tenth of the box that is densest at 8 Å. */
async function denseMask({ grid, voxels }: Volume): Promise<Uint8Array> {
  const smooth = await applyRadialGain(voxels, grid.shape, { kind: 'tanh', lowPass: grid.voxelSize[2] / 8 });
  const level = await contourLevel(smooth, Math.round(smooth.length / 10));
  return Uint8Array.from(smooth, (value) => Number(value >= level));
}

function mirrored<V extends Float32Array | Uint8Array>(values: V, columns: number): V {
  const image = values.slice() as V;
  for (let row = 0; row < image.length; row += columns) image.subarray(row, row + columns).reverse();
  return image;
}

async function look(
  voxels: Float32Array,
  mask: Uint8Array,
  { grid }: Volume,
): Promise<[Handedness, readonly Warning[]]> {
  const warnings: Warning[] = [];
  const found = await checkHandedness.run(
    { voxels, mask, grid, claim: null, threads: 2 },
    {
      signal: new AbortController().signal,
      report: () => undefined,
      warn: (warning) => warnings.push(warning),
      slab: () => undefined,
      pieces: noPieces,
    },
  );
  return [found, warnings];
}

const maps = [
  ['01_emd32143_gpcr_gs/emd_32143_resampled.map.gz', 5, Infinity],
  ['01_emd32143_gpcr_gs/derived_half1.mrc.gz', 5, Infinity],
  ['02_emd20026_apoferritin/emd_20026_protomer.mrc.gz', 5, Infinity],
  ['09_emd1461_vp6_3.8A/emd_1461_crop.mrc.gz', 4.5, Infinity],
  ['06_emd30342_integrin_3.9A/emd_30342_chainA.mrc.gz', -2, 2],
  ['07_emd3240_gamma_secretase_4.3A/emd_3240_box.ccp4.gz', -2, 2],
  ['10_emd4118_pneumolysin_4.5A/emd_4118_box.ccp4.gz', -2, 2],
  ['11_emd5137_mm_cpn_4.3A/emd_5137_chainA_box.ccp4.gz', -2, 2],
] as const;

describe.skipIf(!hasMaps)('the hand of measured maps (needs ../shared/data/maps)', () => {
  it.each(maps)('%s', async (name, least, most) => {
    const volume = await readVolume(join(mapsFolder, name));
    const mask = await denseMask(volume);
    const [found, none] = await look(volume.voxels, mask, volume);
    if (found.kind !== 'measured') throw new Error(found.reason);
    expect(found.deviation).toBeGreaterThan(least);
    expect(found.deviation).toBeLessThan(most);
    expect(none).toEqual([]);
    const columns = volume.grid.shape[2];
    const [image, warnings] = await look(mirrored(volume.voxels, columns), mirrored(mask, columns), volume);
    if (image.kind !== 'measured') throw new Error(image.reason);
    expect(Math.abs(image.turn + found.turn)).toBeLessThan(0.3 * Math.abs(found.turn) + 0.001);
    expect(warnings.map(({ kind }) => kind)).toEqual(most === Infinity ? ['map.hand'] : []);
    // The table of docs/handedness.md.
    process.stdout.write(`${name}: ${found.turn.toFixed(4)}, ${found.deviation.toFixed(1)} standard errors\n`);
  });

  it('is not told from voxels that are too large', async () => {
    const volume = await readVolume(join(mapsFolder, '08_betagal_with_local_resolution/betagal.mrc.gz'));
    const [found] = await look(volume.voxels, new Uint8Array(volume.voxels.length).fill(1), volume);
    expect(found).toMatchObject({ kind: 'unmeasured', reason: expect.stringContaining('3.54 Å') as unknown });
  });
});
