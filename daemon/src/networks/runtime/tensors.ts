/** An array with the names that ONNX has for its element type and axes. */
export type NetworkTensor =
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'uint8'; readonly dims: readonly number[]; readonly data: Uint8Array }
  | { readonly type: 'int32'; readonly dims: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'int64'; readonly dims: readonly number[]; readonly data: BigInt64Array };

/** Inputs or outputs of a graph by their names in it. */
export type Tensors = Readonly<Record<string, NetworkTensor>>;

export const floats = (dims: readonly number[], data: Float32Array): NetworkTensor => ({ type: 'float32', dims, data });

/** The one tensor of floats under a name; what a caller knows of a graph that it has made. */
export function floatsNamed(tensors: Tensors, name: string): Float32Array {
  const tensor = tensors[name];
  if (tensor?.type === 'float32') return tensor.data;
  throw new Error(`the graph gives no floats named ${name} (${Object.keys(tensors).join(', ')})`);
}

/** Buffers that may move to another thread with a message; a view of a larger buffer is copied instead. */
export function movable(tensors: Tensors): ArrayBuffer[] {
  const buffers = Object.values(tensors)
    .filter(({ data }) => data.byteLength === data.buffer.byteLength)
    .map(({ data }) => data.buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
  return [...new Set(buffers)];
}
