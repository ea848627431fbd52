import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import {
  type Grid,
  LocScaleError,
  mrcUploadSchema,
  rawUploadSchema,
  readQuery,
  uploadTypes,
  type VolumeDescription,
} from '@chimerax-like/rpc';
import { describe, receiveFile, type VolumeRegistry } from '../jobs/index.js';
import { readHeader } from '../volumes/index.js';

/** Takes the body of `PUT /volumes` into the volume folder; nothing is kept of one that is refused. */
export async function receiveVolume(
  request: IncomingMessage,
  query: URLSearchParams,
  registry: VolumeRegistry,
  limit: number,
): Promise<VolumeDescription> {
  const type = (request.headers['content-type'] ?? uploadTypes.raw).split(';')[0]?.trim().toLowerCase();
  if (type === uploadTypes.raw) return receiveRaw(request, query, registry, limit);
  if (type === uploadTypes.mrc) return receiveMrc(request, query, registry, limit);
  throw new LocScaleError(
    'input.format',
    `The Content-Type is ${JSON.stringify(type)}, expected ${uploadTypes.raw} (raw voxels) or ${uploadTypes.mrc} (map file).`,
  );
}

async function receiveRaw(
  request: IncomingMessage,
  query: URLSearchParams,
  registry: VolumeRegistry,
  limit: number,
): Promise<VolumeDescription> {
  const { name, ...grid } = readQuery(rawUploadSchema, query);
  const bytes = voxelBytes(grid.shape);
  assertSize(bytes, limit);
  const announced = contentLength(request);
  if (announced !== null && announced !== bytes) throw wrongLength(announced, bytes, grid.shape);
  const { id, path } = registry.reserve('raw');
  return keepOrRemove(path, async () => {
    const received = await receiveFile(request, path, bytes, bytes);
    if (received !== bytes) throw wrongLength(received, bytes, grid.shape);
    return registry.adopt(describe({ id, name, source: 'upload', grid }), { kind: 'raw', path, grid });
  });
}

async function receiveMrc(
  request: IncomingMessage,
  query: URLSearchParams,
  registry: VolumeRegistry,
  limit: number,
): Promise<VolumeDescription> {
  const { name } = readQuery(mrcUploadSchema, query);
  const announced = contentLength(request);
  if (announced !== null) assertSize(announced, limit);
  const { id, path } = registry.reserve('mrc');
  return keepOrRemove(path, async () => {
    await receiveFile(request, path, limit, announced);
    const { grid, warnings } = await readHeader(path, name);
    assertSize(voxelBytes(grid.shape), limit);
    const description = describe({ id, name, source: 'upload', grid, warnings: [...warnings] });
    return registry.adopt(description, { kind: 'mrc', path, name });
  });
}

export async function keepOrRemove<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Float32 voxels of a volume. */
function voxelBytes([nz, ny, nx]: Grid['shape']): number {
  return nz * ny * nx * 4;
}

export function contentLength(request: IncomingMessage): number | null {
  const text = request.headers['content-length'];
  return text === undefined ? null : Number(text);
}

export function assertSize(bytes: number, limit: number, advice = 'crop or bin the map'): void {
  if (bytes > limit)
    throw new LocScaleError(
      'limit.size',
      `The upload has ${bytes} bytes, the most allowed is ${limit}; ${advice}, or open it by its path.`,
      {
        seen: bytes,
        limit,
      },
    );
}

function wrongLength(seen: number, expected: number, shape: Grid['shape']): LocScaleError {
  return new LocScaleError(
    'input.format',
    `The body has ${seen} bytes, the shape ${shape.join(' × ')} needs ${expected} (float32); send exactly the voxels.`,
    { seen, expected },
  );
}
