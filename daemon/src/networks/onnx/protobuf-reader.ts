import { NetworkFault } from '../fault.js';
import { wireTypes } from './protobuf-writer.js';

/** One field of a message: a number (varints, and fixed ones as their bytes), or a run of bytes. */
export type Field =
  | { readonly kind: 'number'; readonly number: number; readonly value: bigint }
  | { readonly kind: 'bytes'; readonly number: number; readonly value: Uint8Array };

const damaged = (): NetworkFault => new NetworkFault('it is not a whole ONNX file: its protobuf records do not add up');

/**
 * The fields of a message in the order of the file. Nothing is copied, no length is believed beyond the end of the block, and
 * nothing recurses: whoever knows the schema opens the inner messages.
 */
export function* readFields(block: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = block[at++];
      if (byte === undefined) throw damaged();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw damaged();
  };
  const take = (length: number): Uint8Array => {
    if (length > block.length - at) throw damaged();
    at += length;
    return block.subarray(at - length, at);
  };
  while (at < block.length) {
    const tag = varint();
    if (tag > 0xffff_ffffn) throw damaged();
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (number === 0) throw damaged();
    if (wire === wireTypes.varint) yield { kind: 'number', number, value: varint() };
    else if (wire === wireTypes.bytes) {
      const length = varint();
      if (length > BigInt(block.length)) throw damaged();
      yield { kind: 'bytes', number, value: take(Number(length)) };
    } else if (wire === wireTypes.fixed32) yield { kind: 'bytes', number, value: take(4) };
    else if (wire === wireTypes.fixed64) yield { kind: 'bytes', number, value: take(8) };
    else throw damaged();
  }
}

/** Numbers of a repeated field, one by one or packed into one run. */
export function packedInts(field: Field): readonly bigint[] {
  if (field.kind === 'number') return [field.value];
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of field.value) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte < 0x80) {
      values.push(value);
      value = 0n;
      shift = 0n;
    } else if (shift >= 70n) throw damaged();
  }
  if (shift !== 0n) throw damaged();
  return values;
}

export function bytesOf(field: Field): Uint8Array {
  if (field.kind !== 'bytes') throw damaged();
  return field.value;
}

export function textOf(field: Field): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(field));
  } catch {
    throw damaged();
  }
}

/** A signed whole number that a JavaScript number holds exactly. */
export function intOf(value: bigint): number {
  const number = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(number)) throw damaged();
  return number;
}

export function numberOf(field: Field): number {
  if (field.kind !== 'number') throw damaged();
  return intOf(field.value);
}

/** 32-bit floats, one or a packed run. */
export function floatsOfField(field: Field): Float32Array {
  const bytes = bytesOf(field);
  if (bytes.length % 4 !== 0) throw damaged();
  return new Float32Array(bytes.slice().buffer);
}
