import { crc32 } from 'node:zlib';
import { emmernetBlocks, type Weight } from './emmernet-weights.js';

/** Builds pickles of protocol 2, opcode by opcode. */
export class Pickle {
  readonly #parts: Buffer[] = [Buffer.from([0x80, 2])];

  raw(...bytes: readonly number[]): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }
  text(value: string): this {
    const bytes = Buffer.from(value);
    return this.raw(0x58, bytes.length & 255, bytes.length >> 8, 0, 0).raw(...bytes);
  }
  int(value: number): this {
    const bytes = Buffer.alloc(5);
    bytes[0] = 0x4a;
    bytes.writeInt32LE(value, 1);
    this.#parts.push(bytes);
    return this;
  }
  global(module: string, name: string): this {
    return this.raw(0x63, ...Buffer.from(`${module}\n${name}\n`));
  }
  ints(values: readonly number[]): this {
    this.raw(0x28);
    for (const value of values) this.int(value);
    return this.raw(0x74);
  }
  /** A tensor over a storage of its own, as torch.save describes it; in C order unless strides are given. */
  tensor(
    key: string,
    dims: readonly number[],
    strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, n) => product * n, 1)),
  ): this {
    const count = dims.reduce((product, n) => product * n, 1);
    this.global('torch._utils', '_rebuild_tensor_v2').raw(0x28, 0x28).text('storage');
    this.global('torch', 'FloatStorage').text(key).text('cpu').int(count).raw(0x74, 0x51);
    this.int(0).ints(dims).ints(strides).raw(0x89);
    return this.global('collections', 'OrderedDict').raw(0x29, 0x52, 0x74, 0x52);
  }
  finish(): Buffer {
    return Buffer.concat([...this.#parts, Buffer.from([0x2e])]);
  }
}

/** A zip archive of entries that are stored as they are; `method` lies about that where a test wants it. */
export function zip(entries: ReadonlyMap<string, Uint8Array>, method = 0): Buffer {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, data] of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, place, Buffer.from(name));
    files.push(Buffer.from([0x50, 0x4b, 3, 4]), common, Buffer.from(name), data);
    at += 30 + Buffer.byteLength(name) + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.size, 8);
  end.writeUInt16LE(entries.size, 10);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

/** A PyTorch file with this pickle and these storages. */
export const torchFile = (pickle: Uint8Array, data: ReadonlyMap<string, Uint8Array> = new Map()): Buffer =>
  zip(
    new Map([
      ['archive/data.pkl', pickle],
      ...[...data].map(([key, bytes]) => [`archive/data/${key}`, bytes] as const),
      ['archive/version', Buffer.from('3\n')],
    ]),
  );

const keys = {
  kernel: 'conv.weight',
  bias: 'conv.bias',
  alpha: 'prelu.weight',
  gamma: 'gn.weight',
  beta: 'gn.bias',
} as const;

/** EMmerNet's state dictionary as its PyTorch form saves it. */
export function emmernetFile(weights: ReadonlyMap<string, readonly Weight[]>): Buffer {
  const pickle = new Pickle().global('collections', 'OrderedDict').raw(0x29, 0x52, 0x28);
  const data = new Map<string, Uint8Array>();
  for (const { name, kind } of emmernetBlocks)
    for (const { word, dims, values } of weights.get(name) ?? []) {
      const key = String(data.size);
      pickle
        .text(kind === 'plain' ? `last_conv.${word === 'kernel' ? 'weight' : 'bias'}` : `${name}.${keys[word]}`)
        .tensor(key, dims);
      data.set(key, new Uint8Array(values.buffer));
    }
  return torchFile(pickle.raw(0x75).finish(), data);
}
