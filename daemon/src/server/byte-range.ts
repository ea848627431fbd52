import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bytes [first, end) of a body. */
export interface ByteRange {
  readonly first: number;
  readonly end: number;
}

/**
 * What a Range header asks of a body of `length` bytes (RFC 9110, section 14): null for all of it, also when the header
 * is of a form that may be ignored (other units, several ranges); 'unsatisfiable' when it begins past the end.
 */
export function parseRange(header: string | undefined, length: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return null;
  const [, from = '', to = ''] = match;
  if (from === '') {
    if (to === '') return null;
    const last = Number(to);
    return last === 0 ? 'unsatisfiable' : { first: Math.max(0, length - last), end: length };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return null;
  if (first >= length) return 'unsatisfiable';
  return { first, end: to === '' ? length : Math.min(length, Number(to) + 1) };
}

/**
 * Writes the head of an answer whose body has `length` bytes, and says which of them to send: those of the Range header, or all.
 * null: the range lies outside the body, and that is the whole answer.
 */
export function partOf(request: IncomingMessage, response: ServerResponse, length: number): ByteRange | null {
  const range = parseRange(request.headers.range, length);
  response.setHeader('Accept-Ranges', 'bytes');
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${length}`, 'Content-Length': 0 }).end();
    return null;
  }
  if (range !== null) response.setHeader('Content-Range', `bytes ${range.first}-${range.end - 1}/${length}`);
  const part = range ?? { first: 0, end: length };
  response.writeHead(range === null ? 200 : 206, { 'Content-Length': part.end - part.first });
  return part;
}
