import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { LocScaleError } from '@chimerax-like/rpc';

/** The content of a file at one moment. */
export interface HashedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

export async function hashFile(path: string, signal: AbortSignal): Promise<HashedFile> {
  const { size, mtimeMs } = await stat(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * 1024 * 1024, signal }))
    hash.update(chunk as Buffer);
  const hashed = { path, sha256: hash.digest('hex'), bytes: size, modifiedMs: mtimeMs };
  await assertUnchanged(hashed);
  return hashed;
}

/** Refuses a file that is no longer what its hash says: results would be kept under a wrong name. */
export async function assertUnchanged({ path, bytes, modifiedMs }: HashedFile): Promise<void> {
  const { size, mtimeMs } = await stat(path);
  if (size === bytes && mtimeMs === modifiedMs) return;
  throw new LocScaleError(
    'input.format',
    `The file ${path} changed while it was read (${bytes} bytes, now ${size}); start again when it is complete.`,
    { seen: size, expected: bytes },
  );
}
