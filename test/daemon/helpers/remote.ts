import { chmod, copyFile, readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RpcClient } from '@chimerax-like/rpc';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { scratchFolder, testDaemon, type TestDaemon } from './daemon.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
export const certFile = fixture('tls-cert.pem');

/** The key of the certificate, as private as a key has to be; a checkout does not keep that. */
export async function privateKey(): Promise<string> {
  const path = join(await scratchFolder(), 'key.pem');
  await copyFile(fixture('tls-key.pem'), path);
  await chmod(path, 0o600);
  return path;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RemoteDaemon extends TestDaemon {
  /** `https://…`, by the name of the certificate. */
  readonly remoteUrl: string;
  readonly remotePort: number;
  /** A client on another machine, as far as the daemon can tell. */
  readonly remote: RpcClient;
  readonly ask: (method: string, path: string, headers?: Record<string, string>, body?: Buffer) => Promise<Answer>;
}

/** A daemon that listens over TLS, too, and a client there. */
export async function remoteDaemon(options: { readonly pageFolder?: string } = {}): Promise<RemoteDaemon> {
  const remote = { host: '127.0.0.1', port: 0, certFile, keyFile: await privateKey() };
  const daemon = await testDaemon({ ...options, remote });
  const remoteUrl = daemon.daemon.remoteUrl ?? '';
  const ca = await readFile(certFile);
  const remotePort = Number(new URL(remoteUrl).port);
  const host = `gpu.example.org:${remotePort}`;
  const authorization = `Bearer ${daemon.token}`;
  const tls = { ca, servername: 'gpu.example.org' };
  const socket = new WebSocket(`wss://127.0.0.1:${remotePort}/rpc`, { ...tls, headers: { host, authorization } });
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    ...{ ...daemon, remoteUrl, remotePort },
    remote: new RpcClient({
      send: (text) => socket.send(text),
      onMessage: (listener) => void socket.on('message', (data: Buffer) => listener(data.toString())),
      onClose: (listener) => void socket.on('close', (code, reason) => listener({ code, reason: reason.toString() })),
      close: () => socket.close(),
    }),
    ask: (method, path, headers = {}, body = Buffer.alloc(0)) =>
      new Promise((resolve, reject) => {
        const all = { host, authorization, 'content-length': body.length, ...headers };
        const outgoing = request(
          { ...tls, host: '127.0.0.1', port: remotePort, method, path, headers: all },
          (response) => {
            const pieces: Buffer[] = [];
            response.on('data', (piece: Buffer) => pieces.push(piece));
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
            );
          },
        );
        outgoing.on('error', reject).end(body);
      }),
  };
}
