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
