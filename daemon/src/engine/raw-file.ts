import { type FileHandle, open, rm, statfs } from 'node:fs/promises';
import { endianness } from 'node:os';
import { dirname } from 'node:path';
import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { writeSparsely } from '../volumes/index.js';
import { throwIfCancelled } from './runner.js';

/** Bytes per read or write: large enough to be fast, small enough to be cancelled in milliseconds. */
const blockBytes = 8 * 1024 * 1024;

export function voxelCount(shape: Grid['shape']): number {
  return shape[0] * shape[1] * shape[2];
}

/** Reads a raw volume; the file must hold exactly the voxels of its grid. */
export async function readRaw(path: string, grid: Grid, signal: AbortSignal): Promise<Float32Array> {
  assertLittleEndian();
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new LocScaleError(
      'input.missing',
      `The volume file ${path} is gone; open or upload it again.`,
      {},
      { cause },
    );
  });
  try {
    const bytes = voxelCount(grid.shape) * 4;
    const { size } = await file.stat();
    if (size !== bytes)
      throw new LocScaleError(
        'input.format',
        `The volume file ${path} has ${size} bytes, its shape ${grid.shape.join(' × ')} needs ${bytes}; upload it again.`,
      );
    const voxels = new Float32Array(bytes / 4);
    const target = new Uint8Array(voxels.buffer);
    for (let at = 0; at < bytes;) {
      throwIfCancelled(signal);
      const { bytesRead } = await file.read(target, at, Math.min(blockBytes, bytes - at), at);
      if (bytesRead === 0) throw new LocScaleError('input.format', `The volume file ${path} ended after ${at} bytes.`);
      at += bytesRead;
    }
    return voxels;
  } finally {
    await file.close();
  }
}

/** A raw volume that grows section by section under its final name; unwritten sections read as 0. */
export class RawWriter {
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Makes the file with its final length (all 0) after checking that the disk has room for it. */
  static async create(path: string, shape: Grid['shape']): Promise<RawWriter> {
    assertLittleEndian();
    const bytes = voxelCount(shape) * 4;
    await assertRoom(dirname(path), bytes);
    const file = await open(path, 'wx', 0o600);
    await file.truncate(bytes);
    return new RawWriter(path, file);
  }

  /** Writes `voxels` from voxel number `first` on, where nothing else was written: stretches of 0 are left out. */
  async write(voxels: Float32Array, first: number, signal: AbortSignal): Promise<void> {
    const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
    try {
      for (let at = 0; at < bytes.length; at += blockBytes) {
        throwIfCancelled(signal);
        await writeSparsely(this.#file, bytes.subarray(at, at + blockBytes), first * 4 + at);
      }
    } catch (error) {
      throw diskError(error, this.#path);
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch (error) {
      throw diskError(error, this.#path);
    } finally {
      await this.#file.close();
    }
  }

  /** Closes and removes the file after a failure. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#path, { force: true });
  }
}

/** Writes a whole raw volume. */
export async function writeRaw(
  path: string,
  shape: Grid['shape'],
  voxels: Float32Array,
  signal: AbortSignal,
): Promise<void> {
  const writer = await RawWriter.create(path, shape);
  try {
    await writer.write(voxels, 0, signal);
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Refuses with numbers when the file system of `folder` has less room than `bytes`. */
export async function assertRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new LocScaleError(
      'output.disk-full',
      `The disk of ${folder} has ${mebibytes(free)} MiB left, ${mebibytes(bytes)} MiB are needed; free some space or choose another folder.`,
      { freeBytes: free, neededBytes: bytes },
    );
}

/** ENOSPC and its relatives as the error that users see; everything else unchanged. */
export function diskError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') return error;
  return new LocScaleError(
    'output.disk-full',
    `No space was left while ${path} was written (${code}); nothing of it was kept, free some space and try again.`,
    {},
    { cause: error },
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

/** Raw volumes are little-endian by definition; no supported machine is anything else. */
function assertLittleEndian(): void {
  if (endianness() !== 'LE')
    throw new LocScaleError(
      'engine.missing',
      'This machine is big-endian; LocScale runs on little-endian machines only.',
    );
}
