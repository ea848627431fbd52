import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { LocScaleError } from '@chimerax-like/rpc';

/** Makes this start's token: 32 random bytes in hexadecimal, in a file that only the owner can read. */
export async function createToken(path: string): Promise<string> {
  const token = randomBytes(32).toString('hex');
  await rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(token);
    await file.sync();
  } finally {
    await file.close();
  }
  return token;
}

/** Reads a token file after checking that nobody else could have read or written it. */
export async function readToken(path: string): Promise<string> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new LocScaleError(
      'access.denied',
      `The token file ${path} cannot be read; is the daemon running?`,
      {},
      { cause },
    );
  });
  try {
    const { mode, uid } = await file.stat();
    const user = process.getuid?.();
    if (user !== undefined && (uid !== user || (mode & 0o077) !== 0))
      throw new LocScaleError(
        'access.denied',
        `The token file ${path} has owner ${uid} and mode ${(mode & 0o777).toString(8)}, expected ${user} and 600; restart the daemon.`,
      );
    return (await file.readFile('utf8')).trim();
  } finally {
    await file.close();
  }
}

/** Compares in constant time; digests make the lengths equal whatever was sent. */
export function tokenMatches(expected: string, given: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}

/** A token is of no use once its daemon has ended. */
export async function removeToken(path: string): Promise<void> {
  await rm(path, { force: true });
}
