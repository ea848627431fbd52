import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { downloadSchema, type Grid, gridHeaders, readQuery, type Statistics, type VolumeId } from '@chimerax-like/rpc';
import type { Workshop } from '../jobs/index.js';
import { encodeHeader } from '../volumes/encode-header.js';
import { checkRegion, type Region, regionShape } from '../volumes/index.js';
import { type ByteRange, partOf } from './byte-range.js';
import { streamRegion } from './voxel-stream.js';

/** What MRC2014 (words 20–22, 55) says for "not determined": max < min, mean < both, rms < 0. */
const undetermined: Statistics = { min: 0, max: -1, mean: -2, sd: -1, zeros: 0 };

/** Answers `GET /volumes/ID` (and HEAD): a region of a volume, streamed, in the ranges that the caller asks for. */
export async function sendVolume(
  request: IncomingMessage,
  response: ServerResponse,
  id: VolumeId,
  query: URLSearchParams,
  { registry, tasks }: Workshop,
): Promise<void> {
  const { format, region: asked, step } = readQuery(downloadSchema, query);
  const release = registry.use(id);
  try {
    const { grid } = registry.describe(id);
    const [z, y, x] = asked ?? grid.shape.map((n): [number, number] => [0, n]);
    const region = { z, y, x, step } as Region;
    checkRegion(grid.shape, region);
    const whole = asked === undefined && step === 1 && !registry.isGrowing(id);
    const path = await tasks.raw(id);
    const sent = regionGrid(grid, region);
    const statistics = format === 'mrc' && whole ? await tasks.statistics(id) : undetermined;
    const prefix =
      format === 'mrc' ? Buffer.from(encodeHeader(sent, statistics, undefined, []).bytes) : Buffer.alloc(0);
    const length = prefix.length + 4 * sent.shape[0] * sent.shape[1] * sent.shape[2];
    response.setHeader('Content-Type', format === 'mrc' ? 'application/x-mrc' : 'application/octet-stream');
    response.setHeader(gridHeaders.shape, sent.shape.join(','));
    response.setHeader(gridHeaders.voxelSize, sent.voxelSize.join(','));
    response.setHeader(gridHeaders.origin, sent.origin.join(','));
    const part = partOf(request, response, length);
    if (part === null) return;
    if (request.method === 'HEAD') response.end();
    else await sendBody(response, path, prefix, grid.shape, region, part);
  } finally {
    release();
  }
}

async function sendBody(
  response: ServerResponse,
  path: string,
  prefix: Buffer,
  shape: Grid['shape'],
  region: Region,
  part: ByteRange,
): Promise<void> {
  const file = await open(path, 'r');
  const body = async function* (): AsyncGenerator<Buffer> {
    if (part.first < prefix.length) yield prefix.subarray(part.first, part.end);
    const voxels = { first: Math.max(0, part.first - prefix.length), end: part.end - prefix.length };
    if (voxels.end > voxels.first) yield* streamRegion(file, shape, region, voxels);
  };
  try {
    await pipeline(Readable.from(body()), response);
  } catch (error) {
    // A caller that went away is no fault of ours; anything else ended the body early, which the length shows.
    if (!response.destroyed) throw error;
  } finally {
    await file.close();
  }
}

/** Grid of a region: its first voxel gives the origin, the step stretches the voxels. */
function regionGrid(grid: Grid, region: Region): Grid {
  const corner = [region.x[0], region.y[0], region.z[0]];
  const [vx, vy, vz] = grid.voxelSize;
  return {
    shape: regionShape(region),
    voxelSize: [vx * region.step, vy * region.step, vz * region.step],
    origin: grid.origin.map((o, i) => o + (corner[i] ?? 0) * (grid.voxelSize[i] ?? 0)) as Grid['origin'],
  };
}
