import { LocScaleError } from '@chimerax-like/rpc';

/** Bytes of an MRC header. */
const headerBytes = 1024;
/** Longest edge that a header is believed to mean. */
const longestEdge = 65_536;
/** Modes of MRC2014 that hold real numbers; 12 is float16. */
const modes = new Set([0, 1, 2, 6, 12]);

/**
 * Refuses what cannot be a map by its first bytes, before it is sent: a gigabyte of something else is not worth the wait. What
 * passes is checked in earnest by the daemon, and so is everything compressed.
 */
export async function assertMayBeMap(file: File): Promise<void> {
  const first = new DataView(await file.slice(0, 16).arrayBuffer());
  if (first.byteLength >= 3 && isCompressed(first)) return;
  if (file.size <= headerBytes)
    throw notMap(`${file.name} has ${file.size} bytes, which is less than the header of a map; choose another file.`);
  if (![true, false].some((littleEndian) => isHeader(first, littleEndian)))
    throw notMap(
      `${file.name} does not begin like an MRC or CCP4 map (number of columns, rows, sections, mode); choose a map file.`,
    );
}

/** gzip or bzip2. */
const isCompressed = (bytes: DataView): boolean =>
  bytes.getUint16(0) === 0x1f8b || (bytes.getUint16(0) === 0x425a && bytes.getUint8(2) === 0x68);

function isHeader(bytes: DataView, littleEndian: boolean): boolean {
  const [nx = 0, ny = 0, nz = 0, mode = -1] = [0, 4, 8, 12].map((at) => bytes.getInt32(at, littleEndian));
  return [nx, ny, nz].every((n) => n > 0 && n <= longestEdge) && modes.has(mode);
}

const notMap = (message: string): LocScaleError => new LocScaleError('input.format', message);
