import type { RawData } from 'ws';

/** The text of a text frame, which `ws` has checked to be UTF-8 and hands over as bytes. */
export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
