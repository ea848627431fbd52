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
  tensorField,
  tensorTypeField,
  typeField,
} from './fields.js';
import { type Attribute, elementTypes, type Graph, type Model, type Node, type Port, type Tensor } from './model.js';
import { ProtobufWriter } from './protobuf-writer.js';

/** The model as an ONNX file. The same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter()
    .int(modelField.irVersion, model.irVersion)
    .text(modelField.producer, 'locscale')
    .message(modelField.graph, encodeGraph(model.graph))
    .message(modelField.opset, new ProtobufWriter().text(opsetField.domain, '').int(opsetField.version, model.opset));
  for (const [key, value] of Object.entries(model.metadata))
    writer.message(modelField.metadata, new ProtobufWriter().text(entryField.key, key).text(entryField.value, value));
  return writer.finish();
}

function encodeGraph(graph: Graph): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const node of graph.nodes) writer.message(graphField.node, encodeNode(node));
  writer.text(graphField.name, graph.name);
  for (const constant of graph.constants) writer.message(graphField.constant, encodeTensor(constant));
  for (const port of graph.inputs) writer.message(graphField.input, encodePort(port));
  for (const port of graph.outputs) writer.message(graphField.output, encodePort(port));
  return writer;
}

function encodeNode(node: Node): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.text(nodeField.input, input);
  for (const output of node.outputs) writer.text(nodeField.output, output);
  writer.text(nodeField.name, node.name).text(nodeField.op, node.op);
  for (const [name, attribute] of Object.entries(node.attributes))
    writer.message(nodeField.attribute, encodeAttribute(name, attribute));
  return writer;
}

function encodeAttribute(name: string, attribute: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().text(attributeField.name, name);
  switch (attribute.kind) {
    case 'float':
      writer.float(attributeField.float, attribute.value);
      break;
    case 'int':
      writer.int(attributeField.int, attribute.value);
      break;
    case 'string':
      writer.text(attributeField.string, attribute.value);
      break;
    case 'tensor':
      writer.message(attributeField.tensor, encodeTensor(attribute.value));
      break;
    case 'floats':
      for (const value of attribute.value) writer.float(attributeField.floats, value);
      break;
    case 'ints':
      for (const value of attribute.value) writer.int(attributeField.ints, value);
      break;
    case 'strings':
      for (const value of attribute.value) writer.text(attributeField.strings, value);
      break;
  }
  return writer.int(attributeField.type, attributeTypes[attribute.kind]);
}

function encodeTensor({ name, type, dims, bytes }: Tensor): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const size of dims) writer.int(tensorField.dims, size);
  return writer
    .int(tensorField.type, elementTypes[type].code)
    .text(tensorField.name, name)
    .bytes(tensorField.raw, bytes);
}

function encodePort({ name, type, dims }: Port): ProtobufWriter {
  const shape = new ProtobufWriter();
  for (const size of dims) {
    const dim = new ProtobufWriter();
    if (typeof size === 'number') dim.int(dimField.value, size);
    else if (size !== null) dim.text(dimField.name, size);
    shape.message(shapeField.dim, dim);
  }
  const tensor = new ProtobufWriter().int(tensorTypeField.element, elementTypes[type].code);
  // Without axes: any number of them. Single numbers are no inputs or outputs of networks.
  if (dims.length > 0) tensor.message(tensorTypeField.shape, shape);
  return new ProtobufWriter()
    .text(portField.name, name)
    .message(portField.type, new ProtobufWriter().message(typeField.tensor, tensor));
}
