import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import type { PageSessions } from './page-sessions.js';
import { writePrivate } from './private-file.js';

interface Place {
  readonly host: string;
  /** 0: the port of the daemon before, so that open pages find this one; another when that is taken. */
  readonly port: number;
}

/** Listens and returns the port, which `onPort` learns before any request. Pages are known again only at their own port, for only there they ask. */
export async function listen(
  server: Server,
  { host, port }: Place,
  portFile: string,
  pages: PageSessions,
  onPort: (port: number) => void,
): Promise<number> {
  const before = await portBefore(portFile);
  const wanted = port === 0 ? before : port;
  // Before the first request can come: who asks too early must not be told that access is denied.
  if (wanted === before && before !== 0) await pages.restore();
  const actual = await listenAt(server, host, wanted).catch((error: unknown) => {
    if (port !== 0 || wanted === 0 || !isTaken(error)) throw error;
    return listenAt(server, host, 0);
  });
  onPort(actual);
  // Whoever has the old port now may have been asked by pages that are still open, so their keys are worth nothing.
  if (actual !== before) await pages.clear();
  await writePrivate(portFile, String(actual));
  return actual;
}

export async function listenAt(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function portBefore(portFile: string): Promise<number> {
  const port = Number(await readFile(portFile, 'utf8').catch(() => '0'));
  return Number.isInteger(port) && port > 1023 && port < 65536 ? port : 0;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}
