import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeVolume } from '../../daemon/dist/volumes/index.js';
import { blob, grid } from '../daemon/helpers/maps.js';
import { type EntryServer, header } from './entry-server.js';

/** A map of n³ voxels as EMDB keeps it: MRC, packed. */
async function packedMap(n: number, seed: number): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-entry-'));
  try {
    const path = join(folder, 'map.mrc');
    await writeVolume(path, { grid: grid(n), voxels: blob(n, seed) });
    return gzipSync(await readFile(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts an entry with map, half maps and header into the tree. */
export async function addEntry(server: EntryServer, entry: string, n: number, level = 0.5): Promise<void> {
  server.add(entry, `header/emd-${entry}.xml`, header(entry, level));
  server.add(entry, `map/emd_${entry}.map.gz`, await packedMap(n, 3));
  server.add(entry, `other/emd_${entry}_half_map_1.map.gz`, await packedMap(n, 1));
  server.add(entry, `other/emd_${entry}_half_map_2.map.gz`, await packedMap(n, 2));
}
