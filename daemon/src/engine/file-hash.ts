import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { KnownHashes } from './known-hashes.js';
import { throwIfCancelled } from './runner.js';

/** The content of a file at one moment. */
export interface HashedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

const known = new KnownHashes();

export async function hashFile(path: string, signal: AbortSignal): Promise<HashedFile> {
  const [file, { size, mtimeMs }] = await Promise.all([stat(path, { bigint: true }), stat(path)]);
  const sha256 = known.find(file) ?? (await sha256OfFile(path, signal));
  const hashed = { path, sha256, bytes: size, modifiedMs: mtimeMs };
  await assertUnchanged(hashed);
  known.remember(file, sha256);
  return hashed;
}

/** Hashes a file that a recipe may ask for, as soon as its hash can be remembered: not right after the file was written. */
export async function hashAhead(path: string, signal: AbortSignal): Promise<void> {
  await sleep(known.msUntilSettled(await stat(path, { bigint: true })), undefined, { signal });
  await hashFile(path, signal);
}

/** Large enough that a file of a map takes few reads, small enough for the second-level cache. */
const pieceBytes = 512 * 1024;

/** SHA-256 in hex. One piece is read while the one before it is hashed, into the same two buffers all along. */
export async function sha256OfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    let [full, free] = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)];
    let reading = file.read(full, 0, pieceBytes);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return hash.digest('hex');
      throwIfCancelled(signal);
      reading = file.read(free, 0, pieceBytes);
      // Awaited in the next turn.
      reading.catch(() => undefined);
      hash.update(full.subarray(0, bytesRead));
      [full, free] = [free, full];
    }
  } finally {
    await file.close();
  }
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
