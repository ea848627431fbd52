import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { assertRoom, diskError } from '../engine/raw-file.js';

/**
 * Streams a body into a new file and returns its length; stops one byte past `most`. With a known length the disk is
 * asked for room first. What is in the file after an error is for the caller to remove.
 */
export async function receiveFile(
  body: Readable,
  path: string,
  most: number,
  expected: number | null,
): Promise<number> {
  if (expected !== null) await assertRoom(dirname(path), expected);
  let received = 0;
  const count = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > most)
        throw new LocScaleError(
          'limit.size',
          `More than ${most} bytes came, the most allowed here; send only the voxels.`,
          { limit: most },
        );
      yield chunk;
    }
  };
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await once(file, 'open');
  try {
    await pipeline(body, count, file);
  } catch (error) {
    throw brokenOff(error) ?? diskError(error, path);
  }
  return received;
}

function brokenOff(error: unknown): LocScaleError | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') return null;
  return new LocScaleError(
    'input.format',
    'The upload ended before its last byte; send it again.',
    {},
    { cause: error },
  );
}
