import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { assertNotInput } from '../volumes/index.js';
import { sidecarPath } from './sidecar.js';

const extensions = ['.mrc', '.map', '.ccp4'];

/** Refuses an output path that cannot become a map file, or that is (under whatever name) one of the inputs. */
export async function checkOutputPath(path: string, inputs: readonly string[]): Promise<void> {
  if (!isAbsolute(path) || path.includes('\0'))
    throw refused(path, 'is not an absolute path', 'give the whole path from the root folder');
  if (!extensions.includes(extname(path).toLowerCase()))
    throw refused(path, `ends in "${extname(path)}", expected ${extensions.join(', ')}`, 'choose such a name');
  const found = await stat(path).catch(() => null);
  if (found !== null && !found.isFile()) throw refused(path, 'exists and is not a file', 'choose another name');
  await assertNotInput(path, inputs);
  await assertNotInput(sidecarPath(path), inputs);
  await assertWritableFolder(path);
}

/** Tries it: permission bits do not tell of read-only disks or of the superuser's rights. */
async function assertWritableFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const probe = join(folder, `.${basename(path)}.${randomBytes(4).toString('hex')}.probe`);
  try {
    await (await open(probe, 'wx')).close();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const reason =
      code === 'ENOENT' ? 'lies in a folder that does not exist' : `lies in a folder that cannot be written (${code})`;
    throw refused(path, reason, 'make the folder or choose another one', cause);
  }
  await rm(probe);
}

function refused(path: string, reason: string, advice: string, cause?: unknown): LocScaleError {
  return new LocScaleError('output.unwritable', `The output ${path} ${reason}; ${advice}.`, { path }, { cause });
}
