import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type Limits, LocScaleError } from '@chimerax-like/rpc';
import type { Log, Workshop } from '../jobs/index.js';
import { type AccessRules, assertPlace, assertToken } from './access.js';
import { sendError, sendJson } from './answer.js';
import { sendVolume } from './download.js';
import { sendReport } from './job-report.js';
import { receiveModel, sendModel } from './model-transfer.js';
import type { Page } from './page.js';
import type { Identity } from './tls.js';
import { receiveVolume } from './upload.js';

export interface HttpParts {
  readonly workshop: Workshop;
  readonly page: Page;
  readonly limits: Limits;
  readonly log: Log;
  /** Known once the port is. */
  readonly rules: () => AccessRules;
}

/** Deadlines, ms: headers must come whole, and a transfer must not stand still for long. */
const headersTimeoutMs = 10_000;
const stalledTimeoutMs = 60_000;
const mostConnections = 256;

const options = {
  headersTimeout: headersTimeoutMs,
  requestTimeout: 0,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16 * 1024,
};

/** The HTTP side of the daemon; the WebSocket is attached to the same server. */
export function createHttpServer(parts: HttpParts): Server {
  return limited(createServer(options, listener(parts)));
}

/** The same over TLS, for other machines. */
export function createHttpsServer(parts: HttpParts, { cert, key }: Identity): TlsServer {
  const tls = { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: headersTimeoutMs } as const;
  return limited(createTlsServer({ ...options, ...tls }, listener(parts)));
}

function limited<S extends Server | TlsServer>(server: S): S {
  server.maxConnections = mostConnections;
  server.setTimeout(stalledTimeoutMs);
  return server;
}

function listener(parts: HttpParts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // A caller that breaks off is dealt with where its body is read or written.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    answer(request, response, parts).catch((error: unknown) => sendError(request, response, error, parts.log));
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  const rules = parts.rules();
  assertPlace(request, rules);
  allowPage(request, response);
  const url = new URL(request.url ?? '/', 'http://daemon');
  const { pathname, searchParams } = url;
  if (pathname === '/healthz' && request.method === 'GET') return sendJson(response, 200, { status: 'alive' });
  if (request.method === 'OPTIONS') return allowPreflight(response);
  if (await parts.page.answer(request, response, url)) return;
  assertToken(request, rules);
  if (pathname === '/volumes') {
    assertMethod(request, ['PUT']);
    const { limits, workshop } = parts;
    return sendJson(response, 201, await receiveVolume(request, searchParams, workshop.registry, limits.uploadBytes));
  }
  if (pathname === '/models') {
    assertMethod(request, ['PUT']);
    const { limits, workshop } = parts;
    return sendJson(response, 201, await receiveModel(request, searchParams, workshop.models, limits.modelBytes));
  }
  const model = /^\/models\/(mdl-[0-9a-f]{16})$/.exec(pathname)?.[1];
  if (model !== undefined) {
    assertMethod(request, ['GET', 'HEAD']);
    return sendModel(request, response, model, searchParams, parts.workshop.models);
  }
  const job = /^\/jobs\/(job-[0-9a-f]{16})\/report$/.exec(pathname)?.[1];
  if (job !== undefined) {
    assertMethod(request, ['GET']);
    return sendReport(response, job, parts.workshop);
  }
  const id = /^\/volumes\/(vol-[0-9a-f]{16})$/.exec(pathname)?.[1];
  if (id === undefined)
    throw new LocScaleError(
      'rpc.unknown-method',
      'Nothing is at this address; the daemon has /rpc, /volumes, /volumes/ID, /models, /models/ID, /jobs/ID/report, /view and /healthz.',
    );
  assertMethod(request, ['GET', 'HEAD']);
  return sendVolume(request, response, id, searchParams, parts.workshop);
}

function assertMethod(request: IncomingMessage, allowed: readonly string[]): void {
  if (!allowed.includes(request.method ?? ''))
    throw new LocScaleError(
      'rpc.unknown-method',
      `The method is ${request.method}, expected ${allowed.join(' or ')} at this address.`,
    );
}

/** Lets an allowed page of another origin read the answer; the page has passed `assertPlace`. */
function allowPage({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
  if (origin === undefined) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Vary', 'Origin');
  response.setHeader(
    'Access-Control-Expose-Headers',
    'X-LocScale-Shape, X-LocScale-Voxel-Size, X-LocScale-Origin, Content-Range',
  );
}

function allowPreflight(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, PUT');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, Range');
  response.writeHead(204).end();
}
