import { type Converted, defaultCube, dropoutsKey } from '../graph/converted.js';
import { NetworkFault, shown } from '../fault.js';
import { decodeModel } from './decode.js';
import { namedDropouts } from './named-dropouts.js';
import { elements, floatsOf, type Graph, type Port } from './model.js';

/** Standard operators that compute one result from their inputs: no control flow, no random numbers, no files, no text. */
const operators = new Set(
  [
    'Abs Add And AveragePool BatchNormalization Cast Ceil Clip Concat Constant ConstantOfShape Conv ConvTranspose Cos DepthToSpace Div',
    'Dropout Einsum Elu Equal Erf Exp Expand Flatten Floor Gather Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual',
    'GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax',
    'MatMul Max MaxPool Mean Min Mish Mul Neg Not Or PRelu Pad Pow Range Reciprocal ReduceMax ReduceMean ReduceMin ReduceSum Relu Reshape',
    'Resize Selu Shape Sigmoid Sign Sin Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh ThresholdedRelu Tile',
    'Transpose Unsqueeze Where',
  ].flatMap((line) => line.split(' ')),
);
/** Operators' versions: 9 is from 2018; 26 is the newest that the runtime knows. */
const opsets = { oldest: 9, newest: 26 } as const;

/** Checks an ONNX file and takes it as it is, written anew from what was understood. */
export function acceptOnnx(file: Uint8Array): Converted {
  const model = decodeModel(file);
  const { graph, opset } = model;
  if (opset < opsets.oldest || opset > opsets.newest)
    throw new NetworkFault(
      `it uses version ${opset} of the ONNX operators, and ${opsets.oldest} to ${opsets.newest} can be run`,
      'export it with another opset_version',
    );
  for (const { op, name } of graph.nodes)
    if (!operators.has(op))
      throw new NetworkFault(
        `its node ${shown(name)} is the operator ${shown(op)}, which is not one of those that can be run`,
        'export the network without it',
      );
  assertConnected(graph);
  const { dropouts, nodes } = namedDropouts(model);
  assertFinite(graph);
  const constants = new Set(graph.constants.map(({ name }) => name));
  // Old exporters list the weights among the inputs.
  const input = only(
    graph.inputs.filter(({ name }) => !constants.has(name)),
    'input',
  );
  const output = only(graph.outputs, 'output');
  const inputShape = cubeOf(input, 'input');
  return {
    format: 'onnx',
    // Of the file's own metadata the list of random layers alone is taken over.
    model: {
      ...model,
      graph: { ...graph, nodes, inputs: [input] },
      metadata: { [dropoutsKey]: JSON.stringify(dropouts) },
    },
    input: inputShape,
    output: cubeOf(output, 'output', inputShape),
    parameters: graph.constants.reduce((sum, { type, dims }) => sum + (type === 'float32' ? elements(dims) : 0), 0),
    dropouts,
    notes:
      dropouts.length > 0 ? [] : ['The file lists no random layers, so Monte Carlo passes of it are all the same.'],
  };
}

/** Each value is made once and before it is used, so the graph has no circles. */
function assertConnected({ nodes, constants, inputs, outputs }: Graph): void {
  const made = new Set([...inputs, ...constants].map(({ name }) => name));
  for (const node of nodes) {
    for (const name of node.inputs)
      if (name !== '' && !made.has(name))
        throw new NetworkFault(`its node ${shown(node.name)} uses ${shown(name)}, which nothing before it makes`);
    for (const name of node.outputs) {
      if (name !== '' && made.has(name)) throw new NetworkFault(`two of its nodes make ${shown(name)}`);
      made.add(name);
    }
  }
  for (const { name } of outputs)
    if (!made.has(name)) throw new NetworkFault(`nothing makes its output ${shown(name)}`);
}

function assertFinite({ constants }: Graph): void {
  for (const constant of constants)
    // Attention masks hold -Infinity; a weight that is not a number spoils every result.
    if (constant.type === 'float32' && floatsOf(constant).some(Number.isNaN))
      throw new NetworkFault(`its constant ${shown(constant.name)} holds values that are not numbers`);
}

function only(ports: readonly Port[], what: string): Port {
  const [port] = ports;
  if (port === undefined || ports.length !== 1)
    throw new NetworkFault(
      `it has ${ports.length} ${what}s, and one was expected`,
      'export a network of one map in and one map out',
    );
  return port;
}

/** Channels, z, y, x; sizes that the file leaves open are those of the cube given. */
function cubeOf(
  { name, type, dims }: Port,
  what: string,
  otherwise: readonly [number, number, number, number] = [1, ...defaultCube],
): readonly [number, number, number, number] {
  if (type !== 'float32' || (dims.length !== 5 && !(what === 'output' && dims.length === 0)))
    throw new NetworkFault(
      `its ${what} ${shown(name)} has ${dims.length} axes of ${type}, and cube, channel, z, y, x of float32 were expected`,
      'export it with a 3-D input in single precision',
    );
  const size = (axis: number): number => {
    const given = dims[axis];
    return typeof given === 'number' && given > 0 ? given : (otherwise[axis - 1] as number);
  };
  if (size(1) > 16 && size(4) <= 16)
    throw new NetworkFault(
      `its ${what} ${shown(name)} has its channels last, and cube, channel, z, y, x was expected`,
      'transpose it before the export',
    );
  return [size(1), size(2), size(3), size(4)];
}
