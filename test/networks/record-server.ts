import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What the server does that a good day's host would not. */
export interface Habits {
  /** Bytes after which it cuts the connection, once for each request; null for never. */
  cutAfter: number | null;
  ranges: boolean;
  /** Sends every request for content to this place. */
  redirect: string | null;
  /** Digest that the record states instead of the true one. */
  digest: string | null;
}

/** A local server that answers as the archive's host does: the record's metadata, and the file with ranges. */
export class RecordServer {
  readonly habits: Habits = { cutAfter: null, ranges: true, redirect: null, digest: null };
  /** `range` header of each request for content. */
  readonly requests: (string | undefined)[] = [];
  archive: Buffer;
  readonly #server: Server;

  constructor(archive: Buffer) {
    this.archive = archive;
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      if (pathname === '/api/records/8211668') {
        const checksum = `md5:${this.habits.digest ?? createHash('md5').update(this.archive).digest('hex')}`;
        const files = [
          { key: 'other.txt', size: 1, checksum },
          { key: 'emmernet.tar.gz', size: this.archive.length, checksum, links: { self: 'http://elsewhere.invalid/' } },
        ];
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ id: 8211668, metadata: { title: 'EMmerNet', license: { id: 'cc-by-4.0' } }, files }),
        );
      } else if (pathname === '/api/records/8211668/files/emmernet.tar.gz/content') {
        this.requests.push(request.headers.range);
        if (this.habits.redirect !== null) {
          response.writeHead(302, { location: this.habits.redirect }).end();
          return;
        }
        const start = this.habits.ranges ? Number(/^bytes=(\d+)-$/u.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
        const total = this.archive.length;
        const rest = this.archive.subarray(start);
        response.writeHead(start > 0 ? 206 : 200, {
          'content-length': rest.length,
          ...(start > 0 ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}),
        });
        const { cutAfter } = this.habits;
        if (cutAfter === null || cutAfter >= rest.length) response.end(rest);
        else response.write(rest.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 60));
      } else response.writeHead(404).end();
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A `.tar.gz` of these members; names and types as given, however bad. */
export function tarGz(
  members: readonly { readonly name: string; readonly content: Uint8Array; readonly type?: string }[],
): Buffer {
  const parts = members.flatMap(({ name, content, type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 'latin1');
    header.write('0000644\0', 100, 'latin1');
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    header.write('        ', 148, 'latin1');
    header.write(type, 156, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}
