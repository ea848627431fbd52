import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { assertSpace, outputError, writeFully } from '../volumes/atomic-file.js';
import { ask, ConnectionLost, orAborted, patienceMs, type Place } from './request.js';

/** Attempts in one run; what has come is kept, for them and for the next run. */
const attempts = 5;

/** A file at a host, as the host describes it before it is fetched. */
export interface RemoteFile extends Place {
  /** Path of its bytes at the host. */
  readonly path: string;
  readonly bytes: number;
  /** Says which edition of the file it is: a digest, or what the host calls its version. */
  readonly edition: string;
}

export interface DownloadOptions {
  readonly onProgress: (received: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** File beside a fetched one that says which edition it is part of. */
const editionFile = (part: string): string => `${part}.of`;

/** Fetches a file to `part`, with its edition beside it, so that the next run goes on where this one ended, unless it has changed. */
export async function download(file: RemoteFile, part: string, options: DownloadOptions): Promise<void> {
  const of = editionFile(part);
  const edition = `${file.bytes} ${file.edition}`;
  if ((await readFile(of, 'utf8').catch(() => null)) !== edition) {
    await rm(part, { force: true });
    await writeFile(of, edition, { mode: 0o600 }).catch((cause: unknown) => {
      throw outputError(of, cause);
    });
  }
  await assertSpace(part, dirname(part), file.bytes - (await lengthOf(part)));
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchRest(file, part, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof ConnectionLost) || attempt === attempts) throw error;
    }
  }
}

/** Removes a fetched file, whole or not. */
export async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(editionFile(part), { force: true });
}

/** Bytes of a file that are there already. */
export const lengthOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;

async function fetchRest(file: RemoteFile, part: string, { onProgress, signal }: DownloadOptions): Promise<void> {
  const have = await lengthOf(part);
  if (have > file.bytes) await rm(part);
  if (have === file.bytes) return;
  const start = have > file.bytes ? 0 : have;
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  let timer = setTimeout(stop, patienceMs);
  const handle = await open(part, 'a', 0o600).catch((cause: unknown) => {
    throw outputError(part, cause);
  });
  try {
    const headers = { 'accept-encoding': 'identity', ...(start > 0 && { range: `bytes=${start}-` }) };
    const response = await ask(file, file.path, { headers, signal: controller.signal });
    const continues =
      response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`) === true;
    if (!continues && response.status !== 200)
      throw response.status >= 500
        ? new ConnectionLost(`status ${response.status}`)
        : new LocScaleError(
            'input.format',
            `The host answers with status ${response.status} for ${file.file}, and 200 or 206 was expected; try again later.`,
          );
    // A host that does not know ranges sends everything again.
    let received = continues ? start : 0;
    if (!continues) await handle.truncate(0);
    if (response.body === null) throw new ConnectionLost('an empty answer');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    try {
      for (;;) {
        const { done, value: bytes } = await orAborted(reader.read(), controller.signal);
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(stop, patienceMs);
        received += bytes.length;
        if (received > file.bytes)
          throw new LocScaleError(
            'input.format',
            `The host sends more than the ${file.bytes} bytes that it announced for ${file.file}; try again later.`,
          );
        await writeFully(handle, bytes);
        onProgress(received, file.bytes);
      }
    } catch (error) {
      if (error instanceof LocScaleError) throw error;
      // Errors of the disk have a number of the system; all others are of the connection.
      if (error instanceof Error && 'errno' in error && 'syscall' in error && error.syscall === 'write')
        throw outputError(part, error);
      throw new ConnectionLost('the connection broke', { cause: error });
    } finally {
      reader.cancel().catch(() => undefined);
    }
    if (received < file.bytes)
      throw new ConnectionLost(`the connection ended after ${received} of ${file.bytes} bytes`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await handle.close();
  }
}
