import { endianness } from 'node:os';
import type { VoxelType } from './modes.js';
import type { ByteOrder } from './types.js';

export const hostByteOrder: ByteOrder = endianness() === 'LE' ? 'little' : 'big';

/** Every float16 (IEEE 754 binary16) as a number, by its 16 bits. */
const float16Table = (): Float32Array => {
  const table = new Float32Array(65_536);
  for (let bits = 0; bits < 65_536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
};
let float16: Float32Array | undefined;

/**
 * Turns stored voxels into float32. `raw` must begin at a multiple of 4 bytes of its buffer and is swapped in place when it
 * stands in the other byte order.
 */
export const decodeVoxels = (raw: Uint8Array, type: VoxelType, byteOrder: ByteOrder, target: Float32Array): void => {
  const { buffer, byteOffset, length } = raw;
  const bytes = Buffer.from(buffer, byteOffset, length);
  const swap = byteOrder !== hostByteOrder;
  switch (type) {
    case 'int8':
      target.set(new Int8Array(buffer, byteOffset, length));
      return;
    case 'uint8':
      target.set(raw);
      return;
    case 'int16':
      if (swap) bytes.swap16();
      target.set(new Int16Array(buffer, byteOffset, length / 2));
      return;
    case 'uint16':
      if (swap) bytes.swap16();
      target.set(new Uint16Array(buffer, byteOffset, length / 2));
      return;
    case 'float16': {
      if (swap) bytes.swap16();
      float16 ??= float16Table();
      const halves = new Uint16Array(buffer, byteOffset, length / 2);
      for (let i = 0; i < halves.length; i++) target[i] = float16[halves[i] as number] as number;
      return;
    }
    case 'float32':
      if (swap) bytes.swap32();
      target.set(new Float32Array(buffer, byteOffset, length / 4));
  }
};
