import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does that a good day's host would not. */
export interface Habits {
  /** Bytes after which it cuts the connection, once for each request for content; null for never. */
  cutAfter: number | null;
  /** Pause between pieces of 4 KiB, ms; 0 sends all at once. */
  pauseMs: number;
  /** Sends every request to this place. */
  redirect: string | null;
  /** Edition of all files; another one means that the entry was revised. */
  etag: string;
}

/** A local server with a part of EMDB's tree of files, answering as the archive's own server does. */
export class EntryServer {
  readonly habits: Habits = { cutAfter: null, pauseMs: 0, redirect: null, etag: '"1"' };
  /** Method, path and range of each request. */
  readonly requests: string[] = [];
  /** Bytes by their path below `/pub/databases/emdb/structures/`. */
  readonly files = new Map<string, Buffer>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      const { method = '', headers } = request;
      this.requests.push([method, pathname.split('/').at(-1), headers.range].filter(Boolean).join(' '));
      if (this.habits.redirect !== null) {
        response.writeHead(302, { location: this.habits.redirect }).end();
        return;
      }
      const bytes = this.files.get(pathname.replace('/pub/databases/emdb/structures/', ''));
      if (bytes === undefined) {
        response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
        return;
      }
      const start = Number(/^bytes=(\d+)-$/u.exec(headers.range ?? '')?.[1] ?? 0);
      const rest = bytes.subarray(start);
      response.writeHead(start > 0 ? 206 : 200, {
        'content-length': rest.length,
        'accept-ranges': 'bytes',
        etag: this.habits.etag,
        ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
      });
      const { cutAfter } = this.habits;
      if (method === 'HEAD') response.end();
      else if (cutAfter !== null && cutAfter < rest.length)
        response.write(rest.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 60));
      else void this.#send(response, rest);
    });
  }

  /** Puts a file of an entry into the tree. */
  add(entry: string, path: string, bytes: Buffer): void {
    this.files.set(`EMD-${entry}/${path}`, bytes);
  }

  /** Address as `LOCSCALE_EMDB` has it. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/pub/databases/emdb/`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #send(response: NodeJS.WritableStream, bytes: Buffer): Promise<void> {
    const { pauseMs } = this.habits;
    const piece = pauseMs === 0 ? bytes.length : 4096;
    for (let at = 0; at < bytes.length; at += piece) {
      response.write(bytes.subarray(at, at + piece));
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    response.end();
  }
}

/** The header of an entry with the parts that matter here, in the form of EMDB's schema, version 3. */
export const header = (entry: string, level: number): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<emd emdb_id="EMD-${entry}" version="3.0.2.5">
  <interpretation>
    <half_map_list><half_map format="CCP4"><file>emd_${entry}_half_map_1.map.gz</file>
      <contour_list><contour primary="true"><level>77</level></contour></contour_list></half_map></half_map_list>
  </interpretation>
  <map format="CCP4" size_kbytes="4">
    <file>emd_${entry}.map.gz</file>
    <contour_list>
      <contour primary="false"><level>99</level><source>EMDB</source></contour>
      <contour primary="true"><level>${level}</level><source>AUTHOR</source></contour>
    </contour_list>
  </map>
</emd>
`);
