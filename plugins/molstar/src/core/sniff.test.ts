import { expect, it } from 'vitest';
import { assertMayBeMap } from './sniff.js';

const header = (words: readonly number[], littleEndian = true, bytes = 2048): Uint8Array<ArrayBuffer> => {
  const view = new DataView(new ArrayBuffer(bytes));
  words.forEach((word, i) => view.setInt32(4 * i, word, littleEndian));
  return new Uint8Array(view.buffer);
};
const file = (bytes: Uint8Array<ArrayBuffer>, name = 'x.mrc'): File => new File([bytes], name);

it.each([
  ['little-endian', header([4, 5, 6, 2])],
  ['big-endian', header([4, 5, 6, 12], false)],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0)],
  ['bzip2', Uint8Array.of(0x42, 0x5a, 0x68, 0x39)],
])('lets a map pass: %s', async (_name, bytes) => {
  await expect(assertMayBeMap(file(bytes))).resolves.toBeUndefined();
});

it.each([
  ['nothing', new Uint8Array(0), /x\.mrc has 0 bytes/],
  ['a header alone', header([4, 5, 6, 2], true, 1024), /1024 bytes/],
  ['text', new Uint8Array(4096).fill(0x61), /x\.mrc does not begin like/],
  ['a mode of complex numbers', header([4, 5, 6, 4]), /does not begin like/],
  ['zeros', new Uint8Array(4096), /does not begin like/],
])('refuses %s', async (_name, bytes, message) => {
  await expect(assertMayBeMap(file(bytes))).rejects.toThrow(message);
});
