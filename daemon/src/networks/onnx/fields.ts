/** Field numbers of the messages of onnx.proto3 (ONNX 1.16, IR version 10) that are read or written here. */
export const modelField = {
  irVersion: 1,
  producer: 2,
  producerVersion: 3,
  graph: 7,
  opset: 8,
  metadata: 14,
  functions: 25,
} as const;
export const opsetField = { domain: 1, version: 2 } as const;
export const graphField = { node: 1, name: 2, constant: 5, input: 11, output: 12, sparseConstant: 15 } as const;
export const nodeField = { input: 1, output: 2, name: 3, op: 4, attribute: 5, domain: 7 } as const;
export const attributeField = {
  name: 1,
  float: 2,
  int: 3,
  string: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  ints: 8,
  strings: 9,
  type: 20,
  reference: 21,
} as const;
export const tensorField = {
  dims: 1,
  type: 2,
  floatData: 4,
  int32Data: 5,
  int64Data: 7,
  name: 8,
  raw: 9,
  doubleData: 10,
  externalData: 13,
  location: 14,
} as const;
export const portField = { name: 1, type: 2 } as const;
export const typeField = { tensor: 1 } as const;
export const tensorTypeField = { element: 1, shape: 2 } as const;
export const shapeField = { dim: 1 } as const;
export const dimField = { value: 1, name: 2 } as const;
export const entryField = { key: 1, value: 2 } as const;

/** Numbers of `AttributeProto.AttributeType`. */
export const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;
