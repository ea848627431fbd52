import { inflateSync } from 'node:zlib';
import { Dataset, File, Filters, Group } from 'jsfive';
import { NetworkFault, shown } from '../fault.js';

/** HDF5 header message that says that the data lie in other files. */
const externalDataMessage = 0x0007;
/** HDF5's number of the deflate filter. */
const deflateFilter = 1;
/** Bytes of a stored chunk; Keras writes weights in one piece without compression, and EMmerNet's largest has 16 MB. */
const largestChunk = 2 ** 26;
/** Types of weights: 32- and 64-bit floats, and half precision. */
const floatTypes = ['<f4', '<f8', '<f2', '>f4', '>f8', '>f2'];

const tooLargeChunk = (): NetworkFault =>
  new NetworkFault(
    `a block of its weights unpacks to more than ${largestChunk / 2 ** 20} MiB`,
    'save the network without compression',
  );

// jsfive inflates without a limit; a few kilobytes could fill the memory.
Filters.set(deflateFilter, (chunk) => {
  try {
    const whole = inflateSync(chunk, { maxOutputLength: largestChunk });
    return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength);
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? tooLargeChunk() : error;
  }
});

/** Links into other files are what jsfive refuses as damage, so the sentence names both. */
const damaged = (): NetworkFault =>
  new NetworkFault(
    'it is a damaged HDF5 file, or one with links into other files, which are not followed',
    'give a whole file that holds all its weights',
  );

/** jsfive throws texts and range errors for whatever a damaged file makes it do; all of them mean the same. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof NetworkFault ? thrown : damaged();
  }
}

/** A group of an HDF5 file: attributes, groups and datasets inside, by name. Nothing outside the bytes given is ever read. */
export class Hdf5Group {
  readonly #group: Group;
  readonly #path: string;

  private constructor(group: Group, path: string) {
    this.#group = group;
    this.#path = path;
  }

  static open(bytes: ArrayBuffer): Hdf5Group {
    return guarded(() => new Hdf5Group(new File(bytes), ''));
  }

  /** An attribute: text, a number, a list of either; null when it is not there. */
  attribute(name: string): unknown {
    const attributes = guarded(() => this.#group.attrs);
    return Object.hasOwn(attributes, name) ? attributes[name] : null;
  }

  /** A list of texts, which Keras cuts into `name0`, `name1`, … when it is long; null when it is not there. */
  texts(name: string): readonly string[] | null {
    const whole = this.attribute(name);
    if (whole !== null) return textList(whole);
    const parts: string[] = [];
    for (let index = 0; ; index++) {
      const part = this.attribute(`${name}${index}`);
      if (part === null) return index === 0 ? null : parts;
      parts.push(...textList(part));
    }
  }

  /** The group at a path, or null. */
  group(path: string): Hdf5Group | null {
    const found = this.#find(path);
    return found instanceof Group ? new Hdf5Group(found, `${this.#path}/${path}`) : null;
  }

  /** Floats of the dataset at a path, or null when it is not there. Nothing is read unless the shape is the one expected. */
  floats(path: string, accept: (shape: readonly number[]) => void): Float32Array | null {
    const found = this.#find(path);
    if (!(found instanceof Dataset)) return null;
    const name = `${this.#path}/${path}`;
    return guarded(() => {
      const { shape, dtype, _dataobjects: header } = found;
      if (typeof dtype !== 'string' || !floatTypes.includes(dtype))
        throw new NetworkFault(
          `the weights ${shown(name)} are of type ${shown(String(dtype))}, and 32-bit floats were expected`,
        );
      accept(shape);
      if (header.find_msg_type(externalDataMessage).length > 0) throw elsewhere(name);
      const chunk = header.chunks?.reduce((product, n) => product * n, 1) ?? 0;
      if (chunk > largestChunk / 4) throw tooLargeChunk();
      const values = found.value;
      const size = shape.reduce((product, n) => product * n, 1);
      if (values.length !== size) throw damaged();
      return Float32Array.from(values, Number);
    });
  }

  /** Follows a path link by link; names that every object has (`constructor`) are no links. */
  #find(path: string): Group | Dataset | null {
    return guarded(() => {
      let here: Group | Dataset | null = this.#group;
      for (const part of path.split('/').filter((text) => text !== '')) {
        if (!(here instanceof Group) || !Object.hasOwn(here._links, part)) return null;
        here = here.get(part);
      }
      return here;
    });
  }
}

const elsewhere = (name: string): NetworkFault =>
  new NetworkFault(
    `${shown(name)} is kept in another file, which is not followed`,
    'give a file that holds all its weights',
  );

/** Texts of fixed length come padded with zero bytes. */
const unpadded = (text: string): string => text.replace(/\0+$/u, '');

/** One text, padded or not. */
export const textOfAttribute = (value: unknown): string | null =>
  typeof value === 'string'
    ? unpadded(value)
    : Array.isArray(value) && value.length === 1
      ? textOfAttribute(value[0])
      : null;

function textList(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw damaged();
  return value.map((item: unknown) => {
    if (typeof item !== 'string') throw damaged();
    return unpadded(item);
  });
}
