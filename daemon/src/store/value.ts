import { describe, isPlainObject } from './key.js';
import { arrayTypeOf, type TypedArray } from './typed-arrays.js';

/** A value in two parts: JSON, and the typed arrays that it refers to by number. */
export interface SplitValue {
  readonly json: unknown;
  readonly arrays: readonly TypedArray[];
}

/** Objects of one field that stand for what JSON has no word for; a field of the value that begins with `$` gets another one. */
const arrayField = '$array';
const wordField = '$word';
const words: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [undefined, 'undefined'],
]);
const meanings: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ...[...words].map(([meaning, word]) => [word, meaning] as const),
  ['-0', -0],
]);

/** Takes the arrays out of a value. The same array in two places is stored once and comes back as one. */
export function splitValue(value: unknown): SplitValue {
  const numbers = new Map<unknown, number>();
  const arrays: TypedArray[] = [];

  const numberOf = (array: TypedArray): number => {
    const known = numbers.get(array);
    if (known !== undefined) return known;
    numbers.set(array, arrays.length);
    return arrays.push(array) - 1;
  };
  const split = (part: unknown): unknown => {
    if (Object.is(part, -0)) return { [wordField]: '-0' };
    const word = words.get(part);
    if (word !== undefined) return { [wordField]: word };
    if (part === null || typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean') return part;
    if (Array.isArray(part)) return Array.from(part, split);
    if (arrayTypeOf(part) !== null) return { [arrayField]: numberOf(part as TypedArray) };
    if (!isPlainObject(part))
      throw new TypeError(`the store keeps plain values and typed arrays, not ${describe(part)}`);
    const fields = Object.entries(part).filter(([, field]) => field !== undefined);
    return Object.fromEntries(fields.map(([name, field]) => [name.startsWith('$') ? `$${name}` : name, split(field)]));
  };

  if (value === undefined) throw new TypeError('the store cannot keep undefined: it is what a missing entry gives');
  return { json: split(value), arrays };
}

/** Puts the arrays back; throws when the JSON is not one that `splitValue` makes of so many arrays. */
export function joinValue({ json, arrays }: SplitValue): unknown {
  const join = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(join);
    if (!isPlainObject(part)) return part;
    if (Object.hasOwn(part, arrayField)) {
      const array = arrays[Number(part[arrayField])];
      if (array === undefined) throw new RangeError('an entry refers to an array that it does not hold');
      return array;
    }
    if (Object.hasOwn(part, wordField)) return meanings.get(part[wordField]);
    // fromEntries, unlike an assignment, makes a field of its own out of `__proto__` too.
    return Object.fromEntries(
      Object.entries(part).map(([name, field]) => [name.startsWith('$') ? name.slice(1) : name, join(field)]),
    );
  };
  return join(json);
}
