import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpErrorBody, httpStatus, LocScaleError } from '@chimerax-like/rpc';
import type { Log } from '../jobs/index.js';

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** Answers with an error. One without a kind is a defect: its text goes to the log under an id, the id to the caller. */
export function sendError(request: IncomingMessage, response: ServerResponse, thrown: unknown, log: Log): void {
  const error = asUserError(thrown, log);
  if (response.headersSent) {
    // The status is out already; ending the connection early tells the caller that the body is not whole.
    response.destroy();
    return;
  }
  // What is left of an upload is not read: answering and closing is cheaper than taking it in.
  if (!request.complete) response.setHeader('Connection', 'close');
  if (error.kind === 'access.denied') response.setHeader('WWW-Authenticate', 'Bearer');
  sendJson(response, statusOf(error), httpErrorBody(error));
}

export function asUserError(thrown: unknown, log: Log): LocScaleError {
  if (thrown instanceof LocScaleError) return thrown;
  const id = randomBytes(6).toString('hex');
  log('error', 'http.defect', {
    id,
    error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  });
  return new LocScaleError(
    'rpc.internal',
    `The daemon failed in a way that it should not; the log has the text under ${id}.`,
  );
}

/** HTTP status of an error; some say it themselves, as access errors: whether it is the token (401) or the place (403). */
export function statusOf(error: LocScaleError): number {
  const { status } = error.details;
  return typeof status === 'number' ? status : httpStatus(error.kind);
}
