import { NetworkFault, shown } from '../fault.js';

const damaged = (): NetworkFault => new NetworkFault('it is a damaged PyTorch file: its zip directory does not add up');

const signatures = {
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  central: 0x02014b50,
  local: 0x04034b50,
} as const;
/** Values that stand for "see the 64-bit field" (zip specification 4.3.9.2). */
const in64 = 0xffff_ffff;
const zip64Field = 0x0001;
/** A state dictionary has a few hundred entries. */
const mostEntries = 65_535;

/**
 * The entries of a zip archive by name, as views into it. Only entries stored without compression are taken, as PyTorch writes them, so nothing can
 * unpack to more than the file holds. Names are only ever compared, never used as paths.
 */
export function zipEntries(file: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const bounded = <T>(read: () => T): T => {
    try {
      return read();
    } catch (thrown) {
      throw thrown instanceof RangeError ? damaged() : thrown;
    }
  };
  return bounded(() => {
    const { start, count } = directory(view);
    const entries = new Map<string, Uint8Array>();
    let at = start;
    for (let index = 0; index < count; index++) {
      if (view.getUint32(at, true) !== signatures.central) throw damaged();
      const nameLength = view.getUint16(at + 28, true);
      const extraLength = view.getUint16(at + 30, true);
      const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength));
      const { size, stored, local } = sizes(view, at, at + 46 + nameLength, extraLength);
      const flags = view.getUint16(at + 8, true);
      const method = view.getUint16(at + 10, true);
      at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
      if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..'))
        throw new NetworkFault(
          `it holds an entry named ${shown(name)}, which leads out of the archive`,
          'do not use this file',
        );
      if ((flags & 1) !== 0 || method !== 0 || size !== stored)
        throw new NetworkFault(
          `its entry ${shown(name)} is ${(flags & 1) !== 0 ? 'encrypted' : 'compressed'}, and PyTorch stores entries as they are`,
        );
      if (entries.has(name)) throw new NetworkFault(`it holds two entries named ${shown(name)}`);
      entries.set(name, entryData(file, view, local, size));
    }
    return entries;
  });
}

/** Finds the central directory from the end of the file; a comment may follow the record. */
function directory(view: DataView): { readonly start: number; readonly count: number } {
  const last = view.byteLength - 22;
  let end = last;
  while (end >= 0 && end > last - 65_536 && view.getUint32(end, true) !== signatures.end) end--;
  if (end < 0 || end <= last - 65_536) throw damaged();
  let count = view.getUint16(end + 10, true);
  let start = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === signatures.locator64) {
    const record = whole(view.getBigUint64(end - 12, true));
    if (view.getUint32(record, true) !== signatures.end64) throw damaged();
    count = whole(view.getBigUint64(record + 32, true));
    start = whole(view.getBigUint64(record + 48, true));
  }
  if (count > mostEntries) throw damaged();
  return { start, count };
}

/** Sizes and place of an entry, which stand in an extra field where 32 bits are too few. */
function sizes(
  view: DataView,
  at: number,
  extra: number,
  extraLength: number,
): { readonly size: number; readonly stored: number; readonly local: number } {
  let wide = extra + extraLength;
  for (let field = extra; field + 4 <= extra + extraLength; field += 4 + view.getUint16(field + 2, true))
    if (view.getUint16(field, true) === zip64Field) {
      wide = field + 4;
      break;
    }
  const take = (value: number): number => {
    if (value !== in64) return value;
    if (wide + 8 > extra + extraLength) throw damaged();
    wide += 8;
    return whole(view.getBigUint64(wide - 8, true));
  };
  const size = take(view.getUint32(at + 24, true));
  const stored = take(view.getUint32(at + 20, true));
  return { size, stored, local: take(view.getUint32(at + 42, true)) };
}

function entryData(file: Uint8Array, view: DataView, local: number, size: number): Uint8Array {
  if (view.getUint32(local, true) !== signatures.local) throw damaged();
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + size > file.length) throw damaged();
  return file.subarray(start, start + size);
}

function whole(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged();
  return Number(value);
}
