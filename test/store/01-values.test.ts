import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyOf, Store } from '../../daemon/src/store/index.js';
import { keyNumber, scratchFolder } from './helpers.js';

const roomy = { limitBytes: 2 ** 30 };

async function roundTrip(value: unknown): Promise<unknown> {
  const store = await Store.open(join(await scratchFolder(), 'store'), roomy);
  expect(await store.put(keyNumber(1), value)).toBe(true);
  return store.get(keyNumber(1));
}

describe('a value comes back', () => {
  it.each([
    Int8Array.of(-128, 0, 127),
    Uint8Array.of(0, 255),
    Uint8ClampedArray.of(0, 255),
    Int16Array.of(-32768, 32767),
    Uint16Array.of(65535),
    Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    Uint32Array.of(2 ** 32 - 1),
    BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
    BigUint64Array.of(2n ** 64n - 1n),
    Float32Array.of(1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY),
    Float64Array.of(Math.PI, 5e-324, Number.MAX_VALUE),
    new Float32Array(0),
  ])('as the array that it was: %o', async (array) => {
    const back = await roundTrip(array);
    // Compares type and every element, and tells −0 from 0.
    expect(back).toStrictEqual(array);
    expect(Object.prototype.toString.call(back)).toBe(Object.prototype.toString.call(array));
  });

  it.each([
    null,
    true,
    '',
    'Å “quoted” \u0000 \ud800',
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    0.1 + 0.2,
    [],
    {},
    [undefined, null, [[]]],
  ])('as the plain value that it was: %o', async (value) => {
    expect(await roundTrip(value)).toStrictEqual(value);
  });

  it('with arrays anywhere inside, among fields whose names could be mistaken for ours', async () => {
    const value = {
      grid: { shape: [4, 5, 6], origin: [-0, 1e-7, Number.NaN] },
      curves: [{ fsc: Float64Array.of(1, 0.5) }, { fsc: new Float64Array(0) }],
      $array: 0,
      $word: 'NaN',
      $$array: { $word: [Uint8Array.of(7)] },
      [`__proto__x`]: 1,
      constructor: 'a word',
      '': null,
    };
    expect(await roundTrip(value)).toStrictEqual(value);
  });

  it('with a field called __proto__ that stays a field', async () => {
    const value: unknown = JSON.parse('{"__proto__": {"planted": true}}');
    const back = await roundTrip(value);
    expect(Object.keys(back as object)).toEqual(['__proto__']);
    expect('planted' in (back as object)).toBe(false);
  });

  it('without the fields that are undefined', async () => {
    expect(Object.keys((await roundTrip({ a: undefined, b: 1 })) as object)).toEqual(['b']);
  });

  it('when an array is a part of a larger one, or lies in shared memory, or stands in two places', async () => {
    const large = Float32Array.from({ length: 100 }, (_, i) => i);
    const shared = new Int32Array(new SharedArrayBuffer(12)).fill(5);
    const part = large.subarray(3, 50);
    const back = (await roundTrip({ part, shared, again: part })) as Record<string, Float32Array>;
    expect(back['part']).toStrictEqual(Float32Array.from(part));
    expect(back['part']?.buffer.byteLength).toBe(47 * 4);
    expect(Array.from(back['shared'] ?? [])).toEqual([5, 5, 5]);
    expect(back['again']).toBe(back['part']);
  });

  it('when it takes several pieces to read', async () => {
    const voxels = Float32Array.from({ length: 3_500_001 }, (_, i) => Math.sin(i));
    const back = (await roundTrip({ voxels })) as { voxels: Float32Array };
    expect(Buffer.compare(Buffer.from(back.voxels.buffer), Buffer.from(voxels.buffer))).toBe(0);
  });
});

it('refuses what would not come back as it was', async () => {
  const store = await Store.open(join(await scratchFolder(), 'store'), roomy);
  const key = keyNumber(1);
  await expect(store.put(key, undefined)).rejects.toThrow(TypeError);
  for (const bad of [
    new Map(),
    new Date(0),
    new ArrayBuffer(3),
    new DataView(new ArrayBuffer(3)),
    () => 1,
    1n,
    Symbol(),
  ])
    await expect(store.put(key, { deep: [bad] })).rejects.toThrow(/plain values and typed arrays, not/);
  expect(await store.has(key)).toBe(false);
  await expect(store.get('../../etc/passwd')).rejects.toThrow(/no key/);
  await expect(store.put(key.toUpperCase(), 1)).rejects.toThrow(/no key/);
});

it('writes arrays at multiples of 64 bytes, little-endian, into a file for its owner alone', async () => {
  const folder = join(await scratchFolder(), 'store');
  const store = await Store.open(folder, roomy);
  await store.put(keyNumber(1), [Uint8Array.of(1, 2, 3), Float32Array.of(1.5)]);
  const path = join(folder, (await readdir(folder))[0] ?? '');
  const file = await open(path);
  const bytes = await file.readFile();
  await file.close();
  const at = bytes.length - 4;
  expect(at % 64).toBe(0);
  expect(bytes.readFloatLE(at)).toBe(1.5);
  expect([...bytes.subarray(at - 64, at - 61)]).toEqual([1, 2, 3]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('stops when asked to and leaves nothing', async () => {
  const folder = join(await scratchFolder(), 'store');
  const store = await Store.open(folder, roomy);
  const voxels = new Float32Array(8 * 2 ** 20);
  const stop = new AbortController();
  const putting = store.put(keyNumber(1), { voxels }, stop.signal);
  setImmediate(() => stop.abort(new Error('enough')));
  await expect(putting).rejects.toThrow('enough');
  expect(await readdir(folder)).toEqual([]);
  await store.put(keyNumber(1), { voxels });
  await expect(store.get(keyNumber(1), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  expect(await store.has(keyNumber(1))).toBe(true);
});

describe('a key', () => {
  it('does not depend on the order of fields, nor on fields that are undefined', () => {
    expect(keyOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(keyOf({ b: { d: null, e: undefined, c: [1, 2] }, a: 1 }));
    expect(keyOf({ a: 1 })).toMatch(/^[0-9a-f]{64}$/);
  });

  it('stays what it is: everything that people have kept hangs on it', () => {
    expect(keyOf({ step: 'fsc', version: 2, parameters: { b: [0.1, 1e21, -0], a: 'Å' } })).toBe(
      '94e29d2cd0f7311bc647c78e056b6bdf41b73e0382cb74d39f56ff985d615667',
    );
  });

  it('differs wherever values differ', () => {
    const values = [
      null, 'null', undefined, 'undefined', true, 'true', 0, -0, '0', '-0', 1, '1', 1.0000000000000002,
      Number.NaN, 'NaN', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, [], {}, [null], [undefined], [[]], [1, 2],
      [12], ['1', '2'], ['1,2'], { a: 1 }, { A: 1 }, { a: '1' }, { a: null }, { a: { b: 1 } }, { 'a:{b': 1 }, '', ' ', 'é', 'e\u0301',
    ]; // prettier-ignore
    const keys = values.map(keyOf);
    expect(new Set(keys).size).toBe(values.length);
  });

  it('is not made of arrays of voxels or other objects', () => {
    for (const bad of [new Float32Array(1), new Map(), new Date(0), 1n, () => 1])
      expect(() => keyOf({ bad })).toThrow(/plain JSON values/);
  });
});
