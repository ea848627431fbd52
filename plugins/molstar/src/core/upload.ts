import { LocScaleError, type VolumeDescription } from '@chimerax-like/rpc';
import type { DaemonLink } from './daemon-link.js';
import { readHttpError } from './http-error.js';
import { assertMayBeMap } from './sniff.js';
import type { TransferOptions } from './voxels.js';

const GiB = 1024 ** 3;

/** Sends a map file to the daemon, which reads it: Mol*'s own reader takes fewer modes and some headers wrongly. */
export async function uploadMap(
  link: DaemonLink,
  file: File,
  options: TransferOptions = {},
): Promise<VolumeDescription> {
  const limit = link.hello?.limits.uploadBytes;
  if (limit !== undefined && file.size > limit) {
    throw new LocScaleError(
      'limit.size',
      `${file.name} has ${(file.size / GiB).toFixed(1)} GiB, the most that can be sent is ${(limit / GiB).toFixed(1)} GiB; open it by its path instead.`,
    );
  }
  await assertMayBeMap(file);
  const body = await sendFile(
    link,
    `/volumes?name=${encodeURIComponent(file.name)}`,
    'application/x-mrc',
    file,
    options,
  );
  return JSON.parse(body) as VolumeDescription;
}

/** Sends a file and resolves with the answer's text. `fetch` cannot say how far an upload is, XMLHttpRequest can. */
export function sendFile(
  link: DaemonLink,
  path: string,
  type: string,
  file: File,
  { signal, onProgress }: TransferOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const gone = (): void =>
      reject(
        new LocScaleError(
          'connection.closed',
          `${file.name} could not be sent: the daemon ended the connection, or the file has changed or gone; try again.`,
        ),
      );
    request.open('PUT', link.url + path);
    request.setRequestHeader('Authorization', link.authorization);
    request.setRequestHeader('Content-Type', type);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(loaded, total));
    request.addEventListener('error', gone);
    request.addEventListener('abort', () => reject(new DOMException('Stopped.', 'AbortError')));
    request.addEventListener('load', () => {
      const { status, responseText } = request;
      if (status === 201) resolve(responseText);
      else void readHttpError({ status, text: () => Promise.resolve(responseText) }).then(reject);
    });
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
