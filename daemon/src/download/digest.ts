import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** MD5 (which records give) and SHA-256 (which we keep) of a file, read once. */
export async function digestsOf(path: string): Promise<{ readonly md5: string; readonly sha256: string }> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    md5.update(chunk as Uint8Array);
    sha256.update(chunk as Uint8Array);
  }
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}
