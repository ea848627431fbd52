import { NetworkFault, shown } from '../fault.js';
import { decodeTensor, elementTypeOf } from './decode-tensor.js';
import {
  attributeField,
  attributeTypes,
  dimField,
  entryField,
  graphField,
  modelField,
  nodeField,
  opsetField,
  portField,
  shapeField,
  tensorTypeField,
  typeField,
} from './fields.js';
import type { Attribute, Dimension, ElementType, Graph, Model, Node, Port, Tensor } from './model.js';
import { bytesOf, floatsOfField, intOf, numberOf, packedInts, readFields, textOf } from './protobuf-reader.js';

/** Reads an ONNX file. What is not understood is refused by name; documentation strings and shapes of inner values are left out. */
export function decodeModel(block: Uint8Array): Model {
  let irVersion = 0;
  let opset: number | null = null;
  let graph: Graph | null = null;
  const metadata = new Map<string, string>();
  for (const field of readFields(block)) {
    if (field.number === modelField.irVersion) irVersion = numberOf(field);
    else if (field.number === modelField.graph) graph = decodeGraph(bytesOf(field));
    else if (field.number === modelField.opset) opset = standardOpset(bytesOf(field)) ?? opset;
    else if (field.number === modelField.metadata) metadata.set(...decodeEntry(bytesOf(field)));
    else if (field.number === modelField.functions)
      throw new NetworkFault('it defines functions of its own', 'export the network with its functions inlined');
  }
  if (graph === null || opset === null || irVersion === 0)
    throw new NetworkFault('it is not a whole ONNX file: version, operators or graph are missing');
  return { irVersion, opset, graph, metadata: Object.fromEntries(metadata) };
}

/** The version if the entry is that of the standard operators; other sets matter only where a node uses them. */
function standardOpset(block: Uint8Array): number | null {
  let domain = '';
  let version = 0;
  for (const field of readFields(block)) {
    if (field.number === opsetField.domain) domain = textOf(field);
    else if (field.number === opsetField.version) version = numberOf(field);
  }
  return domain === '' || domain === 'ai.onnx' ? version : null;
}

function decodeEntry(block: Uint8Array): [string, string] {
  let key = '';
  let value = '';
  for (const field of readFields(block)) {
    if (field.number === entryField.key) key = textOf(field);
    else if (field.number === entryField.value) value = textOf(field);
  }
  return [key, value];
}

function decodeGraph(block: Uint8Array): Graph {
  let name = '';
  const nodes: Node[] = [];
  const constants: Tensor[] = [];
  const inputs: Port[] = [];
  const outputs: Port[] = [];
  for (const field of readFields(block)) {
    if (field.number === graphField.node) nodes.push(decodeNode(bytesOf(field)));
    else if (field.number === graphField.name) name = textOf(field);
    else if (field.number === graphField.constant) constants.push(decodeTensor(bytesOf(field)));
    else if (field.number === graphField.input) inputs.push(decodePort(bytesOf(field)));
    else if (field.number === graphField.output) outputs.push(decodePort(bytesOf(field)));
    else if (field.number === graphField.sparseConstant)
      throw new NetworkFault('it holds sparse constants', 'export the network with dense weights');
  }
  return { name, nodes, constants, inputs, outputs };
}

function decodeNode(block: Uint8Array): Node {
  let name = '';
  let op = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  for (const field of readFields(block)) {
    if (field.number === nodeField.input) inputs.push(textOf(field));
    else if (field.number === nodeField.output) outputs.push(textOf(field));
    else if (field.number === nodeField.name) name = textOf(field);
    else if (field.number === nodeField.op) op = textOf(field);
    else if (field.number === nodeField.domain) domain = textOf(field);
    else if (field.number === nodeField.attribute) attributes.set(...decodeAttribute(bytesOf(field)));
  }
  if (domain !== '' && domain !== 'ai.onnx')
    throw new NetworkFault(
      `the operator ${shown(op)} belongs to the set ${shown(domain)}, and only standard operators can be run`,
      'export the network with standard operators',
    );
  return { name, op, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

function decodeAttribute(block: Uint8Array): [string, Attribute] {
  let name = '';
  let type = 0;
  let float = 0;
  let int = 0;
  let string = '';
  let tensor: Tensor | null = null;
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  for (const field of readFields(block)) {
    if (field.number === attributeField.name) name = textOf(field);
    else if (field.number === attributeField.type) type = numberOf(field);
    else if (field.number === attributeField.float) float = floatsOfField(field)[0] ?? 0;
    else if (field.number === attributeField.int) int = numberOf(field);
    else if (field.number === attributeField.string) string = textOf(field);
    else if (field.number === attributeField.tensor) tensor = decodeTensor(bytesOf(field));
    else if (field.number === attributeField.floats) for (const value of floatsOfField(field)) floats.push(value);
    else if (field.number === attributeField.ints) for (const value of packedInts(field)) ints.push(intOf(value));
    else if (field.number === attributeField.strings) strings.push(textOf(field));
  }
  const { float: f, int: i, string: s, tensor: t, floats: fs, ints: is, strings: ss } = attributeTypes;
  if (type === f) return [name, { kind: 'float', value: float }];
  if (type === i) return [name, { kind: 'int', value: int }];
  if (type === s) return [name, { kind: 'string', value: string }];
  if (type === fs) return [name, { kind: 'floats', value: floats }];
  if (type === is) return [name, { kind: 'ints', value: ints }];
  if (type === ss) return [name, { kind: 'strings', value: strings }];
  if (type === t && tensor !== null) return [name, { kind: 'tensor', value: tensor }];
  throw new NetworkFault(
    `the attribute ${shown(name)} is of ONNX type ${type}, and a number, a text or a constant was expected`,
    'export the network without control flow',
  );
}

function decodePort(block: Uint8Array): Port {
  let name = '';
  let type: { readonly element: ElementType; readonly dims: readonly Dimension[] } | null = null;
  for (const field of readFields(block)) {
    if (field.number === portField.name) name = textOf(field);
    else if (field.number === portField.type)
      for (const inner of readFields(bytesOf(field)))
        if (inner.number === typeField.tensor) type = decodeTensorType(bytesOf(inner), name);
  }
  if (type === null) throw new NetworkFault(`its input or output ${shown(name)} is not a tensor`);
  return { name, type: type.element, dims: type.dims };
}

function decodeTensorType(
  block: Uint8Array,
  name: string,
): { readonly element: ElementType; readonly dims: readonly Dimension[] } {
  let code = 0;
  const dims: Dimension[] = [];
  for (const field of readFields(block)) {
    if (field.number === tensorTypeField.element) code = numberOf(field);
    else if (field.number === tensorTypeField.shape)
      for (const dim of readFields(bytesOf(field)))
        if (dim.number === shapeField.dim) dims.push(decodeDimension(bytesOf(dim)));
  }
  return { element: elementTypeOf(code, `its input or output ${shown(name)}`), dims };
}

function decodeDimension(block: Uint8Array): Dimension {
  let size: Dimension = null;
  for (const field of readFields(block)) {
    if (field.number === dimField.value) size = numberOf(field);
    else if (field.number === dimField.name) size = textOf(field);
  }
  return size;
}
