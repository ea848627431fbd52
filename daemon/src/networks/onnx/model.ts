/**
 * The part of ONNX that is read and written here, as plain data. Field numbers of the protobuf messages stand in `fields.ts`.
 */

/** What a tensor's elements are; the number is ONNX's `TensorProto.DataType`. */
export const elementTypes = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float64: { code: 11, bytes: 8 },
} as const;
export type ElementType = keyof typeof elementTypes;

/** A constant: elements as little-endian bytes in C order. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

/** One operation. An empty name among the inputs stands for one that is left out. */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Size of an axis: a number, a name that stands for any number, or null where nothing is said. */
export type Dimension = number | string | null;

/** An input or output of the graph. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  /** Empty: nothing is said, not even how many there are. */
  readonly dims: readonly Dimension[];
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly constants: readonly Tensor[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

export interface Model {
  readonly irVersion: number;
  /** Version of the standard operators. */
  readonly opset: number;
  readonly graph: Graph;
  readonly metadata: Readonly<Record<string, string>>;
}

export const elements = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);

/** A constant of 32-bit floats. All machines that Node runs on are little-endian. */
export const floatTensor = (name: string, dims: readonly number[], values: Float32Array): Tensor => ({
  name,
  type: 'float32',
  dims,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

export const intTensor = (name: string, values: readonly number[]): Tensor => ({
  name,
  type: 'int64',
  dims: [values.length],
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

/** The values of a constant of 32-bit floats. */
export const floatsOf = (tensor: Tensor): Float32Array =>
  new Float32Array(tensor.bytes.buffer.slice(tensor.bytes.byteOffset, tensor.bytes.byteOffset + tensor.bytes.length));
