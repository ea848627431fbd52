import { NetworkFault, shown } from '../fault.js';
import { tensorField } from './fields.js';
import { elements, type ElementType, elementTypes, type Tensor } from './model.js';
import { bytesOf, floatsOfField, intOf, numberOf, packedInts, readFields, textOf } from './protobuf-reader.js';

export function elementTypeOf(code: number, what: string): ElementType {
  for (const [type, { code: known }] of Object.entries(elementTypes)) if (known === code) return type as ElementType;
  throw new NetworkFault(
    `${what} holds elements of ONNX type ${code}, and 32- or 64-bit floats or whole numbers were expected`,
    'export the network in single precision',
  );
}

/** One constant. Its data must lie in the file itself, and be as long as its dimensions say. */
export function decodeTensor(block: Uint8Array): Tensor {
  const dims: number[] = [];
  let name = '';
  let code = 0;
  let raw: Uint8Array | null = null;
  const floats: Float32Array[] = [];
  const ints: bigint[] = [];
  let isExternal = false;
  for (const field of readFields(block)) {
    if (field.number === tensorField.dims) dims.push(...packedInts(field).map(intOf));
    else if (field.number === tensorField.type) code = numberOf(field);
    else if (field.number === tensorField.name) name = textOf(field);
    else if (field.number === tensorField.raw) raw = bytesOf(field);
    else if (field.number === tensorField.floatData) floats.push(floatsOfField(field));
    else if (field.number === tensorField.int32Data || field.number === tensorField.int64Data)
      for (const value of packedInts(field)) ints.push(value);
    else if (field.number === tensorField.externalData) isExternal = true;
    else if (field.number === tensorField.location) isExternal ||= numberOf(field) !== 0;
  }
  if (isExternal)
    throw new NetworkFault(
      `the constant ${shown(name)} keeps its data in another file`,
      'export the network as one file, without external data',
    );
  const type = elementTypeOf(code, `the constant ${shown(name)}`);
  if (dims.some((size) => size < 0)) throw new NetworkFault(`the constant ${shown(name)} has a negative dimension`);
  const bytes = raw ?? spelledOut(type, floats, ints);
  const expected = elements(dims) * elementTypes[type].bytes;
  if (bytes.length !== expected)
    throw new NetworkFault(
      `the constant ${shown(name)} has ${bytes.length} bytes, and its dimensions ask for ${expected}`,
    );
  return { name, type, dims, bytes };
}

/** Data that stand in typed fields instead of as raw bytes. */
function spelledOut(type: ElementType, floats: readonly Float32Array[], ints: readonly bigint[]): Uint8Array {
  if (type === 'float32') return new Uint8Array(Float32Array.from(floats.flatMap((part) => [...part])).buffer);
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(ints, (value) => BigInt.asIntN(64, value)).buffer);
  if (type === 'int32')
    return new Uint8Array(Int32Array.from(ints, (value) => Number(BigInt.asIntN(32, value))).buffer);
  return Uint8Array.from(ints, (value) => Number(BigInt.asUintN(8, value)));
}
