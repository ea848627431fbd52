/** The arrays that an entry can hold; the name is what stands in its head. */
export const arrayTypes = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
} as const;
export type ArrayType = keyof typeof arrayTypes;
export type TypedArray = NodeJS.TypedArray;

export const isArrayType = (name: string): name is ArrayType => Object.hasOwn(arrayTypes, name);

/** The name of an array's type; a Buffer is a Uint8Array. Null for what is none of the arrays. */
export function arrayTypeOf(value: unknown): ArrayType | null {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return null;
  const name = (value as TypedArray)[Symbol.toStringTag];
  return isArrayType(name) ? name : null;
}

export const bytesPerElement = (type: ArrayType): number => arrayTypes[type].BYTES_PER_ELEMENT;

/** The bytes of an array, without copying. */
export const bytesOf = (array: TypedArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** An array over memory of its own that is not cleared: whoever asks fills it. */
export function unfilledArray(type: ArrayType, length: number): TypedArray {
  const { buffer } = Buffer.allocUnsafeSlow(length * bytesPerElement(type));
  return new arrayTypes[type](buffer, 0, length);
}
