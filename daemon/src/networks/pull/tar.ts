import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { writeFully } from '../../volumes/atomic-file.js';
import { NetworkFault, shown } from '../fault.js';

const block = 512;
/** What an archive may unpack to; EMmerNet's files have some 300 MB each. */
const mostBytes = 8 * 2 ** 30;
const mostMembers = 10_000;

/**
 * Takes the wanted files out of a `.tar.gz`, by their base names, into `folder`. Names in the archive are compared and never used as
 * paths; links, devices and everything that is not wanted are passed over. Returns the base names of all files seen.
 */
export async function takeFromTar(
  archive: string,
  wanted: ReadonlySet<string>,
  folder: string,
): Promise<readonly string[]> {
  const seen: string[] = [];
  let header = Buffer.alloc(0);
  let left = 0; // bytes of the member's content and padding still to come
  let content = 0; // bytes of content among them
  let out: FileHandle | null = null;
  let total = 0;
  let ended = false;
  const source = createReadStream(archive).pipe(createGunzip());
  try {
    for await (const piece of source) {
      let chunk = piece as Buffer;
      total += chunk.length;
      if (total > mostBytes) throw new NetworkFault(`it unpacks to more than ${mostBytes} bytes`);
      while (chunk.length > 0 && !ended) {
        if (left > 0) {
          const part = chunk.subarray(0, left);
          if (out !== null) await writeFully(out, part.subarray(0, content));
          content = Math.max(0, content - part.length);
          left -= part.length;
          chunk = chunk.subarray(part.length);
          if (left === 0) {
            await out?.close();
            out = null;
          }
          continue;
        }
        const missing = block - header.length;
        header = Buffer.concat([header, chunk.subarray(0, missing)]);
        chunk = chunk.subarray(missing);
        if (header.length < block) continue;
        const member = readHeader(header);
        header = Buffer.alloc(0);
        if (member === null) {
          ended = true;
          continue;
        }
        content = member.size;
        left = Math.ceil(content / block) * block;
        if (!member.isFile) continue;
        seen.push(member.name);
        if (seen.length > mostMembers) throw new NetworkFault(`it has more than ${mostMembers} members`);
        if (wanted.has(member.name) && left > 0) out = await open(join(folder, member.name), 'wx', 0o600);
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new NetworkFault('it is not a whole .tar.gz archive');
    throw error;
  } finally {
    await out?.close();
    source.destroy();
  }
  if (left > 0 || (seen.length === 0 && !ended)) throw new NetworkFault('it is not a whole .tar.gz archive');
  return seen;
}

/** One header of the ustar format; null for the empty one at the end. */
function readHeader(header: Buffer): { readonly name: string; readonly size: number; readonly isFile: boolean } | null {
  if (header.every((byte) => byte === 0)) return null;
  const text = (at: number, length: number): string =>
    header.toString('latin1', at, at + length).replace(/\0.*$/su, '');
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  const size = parseInt(text(124, 12).trim() || '0', 8);
  if (parseInt(text(148, 8).trim(), 8) !== sum || !Number.isSafeInteger(size) || size < 0)
    throw new NetworkFault(`its member ${shown(text(0, 100))} has a damaged header`);
  const type = text(156, 1);
  return { name: text(0, 100).split('/').at(-1) ?? '', size, isFile: type === '' || type === '0' };
}
