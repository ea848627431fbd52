import { statfs } from 'node:fs/promises';
import { LocScaleError } from '@chimerax-like/rpc';

const GiB = 2 ** 30;
/** A tenth of the file system, but not more than results of some hundred runs at 256³. */
const defaultShare = 0.1;
const defaultMost = 20 * GiB;
const largest = 2 ** 20;

/** Most bytes of the store: `LOCSCALE_STORE_LIMIT` in GiB (0: nothing is kept), else a tenth of the file system, at most 20 GiB. */
export async function storeLimit(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const given = env['LOCSCALE_STORE_LIMIT'];
  if (given !== undefined && given.trim() !== '') return givenLimit(given);
  const { blocks, bsize } = await statfs(folder);
  return Math.floor(Math.min(blocks * bsize * defaultShare, defaultMost));
}

function givenLimit(text: string): number {
  const gib = /^\s*(\d+(\.\d*)?|\.\d+)\s*$/u.test(text) ? Number(text) : Number.NaN;
  if (gib >= 0 && gib <= largest) return Math.floor(gib * GiB);
  throw new LocScaleError(
    'input.parameter',
    `LOCSCALE_STORE_LIMIT is ${JSON.stringify(text)}, expected a number of GiB from 0 (nothing is kept) to ${largest}; correct it or unset it.`,
  );
}
