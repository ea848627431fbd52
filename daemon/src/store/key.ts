import { createHash } from 'node:crypto';

/** Version of the format of entries and of the meaning of keys: a new one makes all earlier entries unfindable, and they age out. */
export const storeFormat = 1;

/** The name of a result: sha256, hex, of everything that it depends on. */
export function keyOf(parts: unknown): string {
  return createHash('sha256').update(`locscale store ${storeFormat}\n`).update(canonicalText(parts)).digest('hex');
}

const keyPattern = /^[0-9a-f]{64}$/u;

export const isKey = (text: string): boolean => keyPattern.test(text);

/**
 * One text for each value, whatever the order in which its fields were written: JSON with sorted keys, fields that are undefined
 * left out, numbers in their shortest form. What JSON has no word for (NaN, ±Infinity, −0, undefined in a list) stands as a bare
 * word, which no JSON value can be mistaken for. Voxels have no place in a key: their hash has.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  // Not map(): it skips the holes of a sparse list.
  if (Array.isArray(value)) return `[${Array.from(value, canonicalText).join(',')}]`;
  if (!isPlainObject(value)) throw new TypeError(`a key is made of plain JSON values, not of ${describe(value)}`);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  // By UTF-16 units, not by the alphabet of a locale.
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`).join(',')}}`;
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What a value is, for the message of a programming error. */
export const describe = (value: unknown): string =>
  typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : `a ${typeof value}`;
