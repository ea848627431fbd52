import { open, readFile, rename, rm } from 'node:fs/promises';
import { type ConnectionFile, connectionFileSchema } from '@chimerax-like/rpc';

/** Content of `daemon.json`. */
export type Connection = ConnectionFile;

/** Writes `daemon.json` in one step, so that a reader sees the old content, none, or all of the new. */
export async function writeConnection(path: string, connection: Connection): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    try {
      await file.writeFile(`${JSON.stringify(connection, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
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
