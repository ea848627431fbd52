import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { outputError, writeFully } from '../../volumes/atomic-file.js';
import { digestsOf } from './digest.js';
import { type Published } from './published.js';
import type { RecordEntry } from './record.js';
import { ConnectionLost, get, patienceMs } from './request.js';

/** Attempts in one run; what has come is kept, for them and for the next run. */
const attempts = 5;

export type OnProgress = (received: number, total: number) => void;

/** File beside a fetched archive that says of which record it is. */
const identityFile = (part: string): string => `${part}.of`;

/**
 * Fetches the archive to `part`, with the record's digest beside it, so that the next run goes on where this one ended, unless the
 * record has changed. The whole file is held against the record's digest.
 */
export async function download(
  source: Published,
  entry: RecordEntry,
  part: string,
  onProgress: OnProgress,
): Promise<void> {
  const of = identityFile(part);
  const identity = `${entry.bytes} ${entry.digest.algorithm}:${entry.digest.hex}`;
  if ((await readFile(of, 'utf8').catch(() => null)) !== identity) {
    await rm(part, { force: true });
    await writeFile(of, identity, { mode: 0o600 }).catch((cause: unknown) => {
      throw outputError(of, cause);
    });
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchRest(source, entry, part, onProgress);
      break;
    } catch (error) {
      if (!(error instanceof ConnectionLost) || attempt === attempts) throw error;
    }
  }
  const digests = await digestsOf(part);
  if (digests[entry.digest.algorithm] !== entry.digest.hex) {
    await discard(part);
    throw new LocScaleError(
      'input.format',
      `${source.file} was fetched whole, but its ${entry.digest.algorithm} is ${digests[entry.digest.algorithm]}, and the record says ${entry.digest.hex}; it was thrown away, try again.`,
    );
  }
}

/** Removes a fetched archive, whole or not. */
export async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(identityFile(part), { force: true });
}

async function fetchRest(source: Published, entry: RecordEntry, part: string, onProgress: OnProgress): Promise<void> {
  const have = (await stat(part).catch(() => null))?.size ?? 0;
  if (have > entry.bytes) await rm(part);
  if (have === entry.bytes) return;
  const start = have > entry.bytes ? 0 : have;
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), patienceMs);
  const handle = await open(part, 'a', 0o600).catch((cause: unknown) => {
    throw outputError(part, cause);
  });
  try {
    const path = `/api/records/${source.record}/files/${encodeURIComponent(source.file)}/content`;
    const response = await get(source, path, start === 0 ? {} : { range: `bytes=${start}-` }, controller.signal);
    const continues =
      response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`) === true;
    if (!continues && response.status !== 200)
      throw response.status >= 500
        ? new ConnectionLost(`status ${response.status}`)
        : new LocScaleError(
            'input.format',
            `The host answers with status ${response.status} for ${source.file}, and 200 or 206 was expected; try again later.`,
          );
    // A host that does not know ranges sends everything again.
    let received = continues ? start : 0;
    if (!continues) await handle.truncate(0);
    if (response.body === null) throw new ConnectionLost('an empty answer');
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = setTimeout(() => controller.abort(), patienceMs);
        const bytes = chunk as Uint8Array;
        received += bytes.length;
        if (received > entry.bytes)
          throw new LocScaleError(
            'input.format',
            `The host sends more than the ${entry.bytes} bytes that its record gives for ${source.file}; try again later.`,
          );
        await writeFully(handle, bytes);
        onProgress(received, entry.bytes);
      }
    } catch (error) {
      if (error instanceof LocScaleError) throw error;
      // Errors of the disk have a number of the system; all others are of the connection.
      if (error instanceof Error && 'errno' in error && 'syscall' in error && error.syscall === 'write')
        throw outputError(part, error);
      throw new ConnectionLost('the connection broke', { cause: error });
    }
    if (received < entry.bytes)
      throw new ConnectionLost(`the connection ended after ${received} of ${entry.bytes} bytes`);
  } finally {
    clearTimeout(timer);
    await handle.close();
  }
}
