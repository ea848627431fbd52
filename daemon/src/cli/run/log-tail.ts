import { readFile } from 'node:fs/promises';

/** The last lines of a text file that say something, for an error message; empty when there is no such file. */
export async function logTail(path: string, lines: number): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-lines).join('\n').trim();
}
