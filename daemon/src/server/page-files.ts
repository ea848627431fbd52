import { open, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LocScaleError } from '@chimerax-like/rpc';

/** Types of the files that a built page has; anything else in its folder is not served. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Compressed copies that the build may have put beside a file, the smaller one first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly encoding: string | null;
  readonly tag: string;
}

/** Sends one file of the page's folder; `name` is the rest of the address, `index.html` when empty. */
export async function sendPageFile(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  name: string,
): Promise<void> {
  const type = types[extname(name)];
  const found = type === undefined ? null : await find(folder, name, request.headers['accept-encoding']);
  if (type === undefined || found === null)
    throw new LocScaleError('input.missing', `The page has no file ${JSON.stringify(name)}.`, { status: 404 });
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', isHashed(name) ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('ETag', found.tag);
  if (found.encoding !== null) response.setHeader('Content-Encoding', found.encoding);
  if (request.headers['if-none-match'] === found.tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'Content-Length': found.bytes });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const file = await open(found.path, 'r');
  await pipeline(file.createReadStream({ start: 0, end: Math.max(0, found.bytes - 1) }), response).catch(
    (error: unknown) => {
      // A browser that went away is no fault of ours.
      if (!response.destroyed) throw error;
    },
  );
}

/** Whether the build put a digest of the content into the name: such a file never changes. */
function isHashed(name: string): boolean {
  return /^assets\/.+-[A-Za-z0-9_-]{8,}\.\w+$/.test(name);
}

/** The file or a compressed copy of it, if it lies in the folder, links followed, and has a plain name. */
async function find(folder: string, name: string, accepted: string | undefined): Promise<Found | null> {
  if (!/^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/.test(name)) return null;
  const root = await realpath(folder).catch(() => null);
  if (root === null) return null;
  const whole = await existing(root, name);
  if (whole === null) return null;
  for (const [encoding, suffix] of encodings) {
    if (!accepts(accepted, encoding)) continue;
    const packed = await existing(root, name + suffix);
    if (packed !== null && packed.mtimeMs >= whole.mtimeMs)
      return { ...packed, encoding, tag: tagOf(packed, encoding) };
  }
  return { ...whole, encoding: null, tag: tagOf(whole, 'plain') };
}

async function existing(
  root: string,
  name: string,
): Promise<{ readonly path: string; readonly bytes: number; readonly mtimeMs: number } | null> {
  const path = await realpath(join(root, name)).catch(() => null);
  if (!path?.startsWith(root + sep)) return null;
  const found = await stat(path);
  return found.isFile() ? { path, bytes: found.size, mtimeMs: found.mtimeMs } : null;
}

const tagOf = ({ bytes, mtimeMs }: { readonly bytes: number; readonly mtimeMs: number }, encoding: string): string =>
  `"${bytes.toString(36)}-${Math.round(mtimeMs).toString(36)}-${encoding}"`;

/** Whether an Accept-Encoding header names this encoding with a weight above 0 (RFC 9110, section 12.5.3). */
function accepts(header: string | undefined, encoding: string): boolean {
  return (header ?? '').split(',').some((entry) => {
    const [name, ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
