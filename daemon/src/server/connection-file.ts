import { readFile, rm } from 'node:fs/promises';
import { type ConnectionFile, connectionFileSchema } from '@chimerax-like/rpc';
import { writePrivate } from './private-file.js';

/** Content of `daemon.json`. */
export type Connection = ConnectionFile;

/** Writes `daemon.json`. */
export async function writeConnection(path: string, connection: Connection): Promise<void> {
  await writePrivate(path, `${JSON.stringify(connection, null, 2)}\n`);
}

/** The connection file's content, or null when there is none or it cannot be understood; a hint only: verify with `session.hello`. */
export async function readConnection(path: string): Promise<Connection | null> {
  try {
    return connectionFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

export async function removeConnection(path: string): Promise<void> {
  await rm(path, { force: true });
}
