import { NetworkFault, shown } from '../../fault.js';
import { type Dropout, int, text } from '../../graph/graph-builder.js';
import {
  elementTypes,
  floatTensor,
  intTensor,
  type Model,
  type Node,
  type Port,
  type Tensor,
} from '../../onnx/model.js';
import { keepingOf } from './mask-bits.js';

/** A random layer as the graph takes it from outside: one bit for each value, or for each channel. */
export interface MaskLayer {
  /** Name of the input: bytes, for each cube a whole number of 32-bit words. */
  readonly input: string;
  /** Words of one cube. */
  readonly words: number;
  /** Probability of keeping, in parts of 65536. */
  readonly share: number;
}

/** BitShift came with this version of the operators. */
const leastOpset = 11;
const wordBits = 32;

/**
 * Gives the random layers of a network their masks as inputs, packed: bit k of byte b belongs to value 8 b + k in the order channel,
 * z, y, x. A kept value is multiplied by 1/probability, the others become 0. `cube`: z, y, x of the cubes that it will run on.
 */
export function withMasks(
  model: Model,
  dropouts: readonly Dropout[],
  trainedCube: readonly number[],
  cube: readonly number[],
): { readonly model: Model; readonly layers: readonly MaskLayer[] } {
  if (model.opset < leastOpset)
    throw new NetworkFault(
      `it uses version ${model.opset} of the ONNX operators, and Monte Carlo passes need ${leastOpset} or newer`,
      'export it with another opset_version and import it again, or predict without Monte Carlo',
    );
  const layers: MaskLayer[] = [];
  const constants: Tensor[] = [...sharedConstants()];
  const ports: Port[] = [];
  const nodes = model.graph.nodes.flatMap((node): readonly Node[] => {
    const dropout = dropouts.find((each) => each.node === node.name);
    if (dropout === undefined) return [node];
    if (dropout.kind !== 'element' && dropout.kind !== 'channel')
      throw new NetworkFault(
        `its random layer ${shown(dropout.node)} is of the kind ${dropout.kind}, and only dropout can be sampled`,
        'predict without Monte Carlo (--no_monte_carlo)',
      );
    const values = valuesOf(dropout, trainedCube, cube);
    const layer = { input: `mask/${layers.length}`, words: Math.ceil(values / wordBits), share: 0 };
    const { share, scale } = keepingOf(dropout.rate);
    layers.push({ ...layer, share });
    ports.push({ name: layer.input, type: 'uint8', dims: ['N', layer.words * 4] });
    const made = masked(node, dropout, layer, values, scale);
    constants.push(...made.constants);
    return made.nodes;
  });
  const { graph } = model;
  const withInputs = {
    ...graph,
    nodes,
    constants: [...graph.constants, ...constants],
    inputs: [...graph.inputs, ...ports],
  };
  return { model: { ...model, graph: withInputs }, layers };
}

/** Values of a layer for cubes of another size than the one it was made for. */
function valuesOf({ node, kind, shape }: Dropout, trained: readonly number[], cube: readonly number[]): number {
  const [channels, ...size] = shape;
  if (kind === 'channel') return channels;
  const scaled = size.map((n, axis) => (n * (cube[axis] as number)) / (trained[axis] as number));
  if (!scaled.every(Number.isInteger))
    throw new NetworkFault(
      `its layer ${shown(node)} would have ${scaled.join(' x ')} values for cubes of ${cube.join(' x ')}`,
      'choose a cube size that it can halve as often as it needs to (--cube_size)',
    );
  return scaled.reduce((product, n) => product * n, channels);
}

const name = (part: string): string => `locscale.mask/${part}`;
const byte = (label: string, ...values: readonly number[]): Tensor => ({
  name: name(label),
  type: 'uint8',
  dims: [values.length],
  bytes: Uint8Array.from(values),
});

const sharedConstants = (): readonly Tensor[] => [
  byte('left', 7, 6, 5, 4, 3, 2, 1, 0),
  byte('right', 7),
  intTensor(name('bytes'), [0, -1, 1]),
  intTensor(name('bits'), [0, -1]),
  intTensor(name('one'), [1]),
  intTensor(name('first'), [0]),
  floatTensor(name('dropped'), [1], Float32Array.of(0)),
];

function masked(
  node: Node,
  { kind, shape }: Dropout,
  { input, words }: { readonly input: string; readonly words: number },
  values: number,
  scale: number,
): { readonly nodes: readonly Node[]; readonly constants: readonly Tensor[] } {
  const [value = ''] = node.inputs;
  const own = (part: string): string => `${input}/${part}`;
  const make = (op: string, part: string, inputs: readonly string[], attributes: Node['attributes'] = {}): Node => ({
    name: own(part),
    op,
    inputs,
    outputs: [own(part)],
    attributes,
  });
  const isPadded = values !== words * wordBits;
  const nodes = [
    make('Reshape', 'bytes', [input, name('bytes')]),
    make('BitShift', 'top', [own('bytes'), name('left')], { direction: text('LEFT') }),
    make('BitShift', 'bit', [own('top'), name('right')], { direction: text('RIGHT') }),
    make('Cast', 'kept', [own('bit')], { to: int(elementTypes.bool.code) }),
    make('Reshape', 'all', [own('kept'), name('bits')]),
    ...(isPadded ? [make('Slice', 'row', [own('all'), name('first'), own('count'), name('one')])] : []),
    ...(kind === 'element' ? [make('Shape', 'shape', [value])] : []),
    make('Reshape', 'mask', [own(isPadded ? 'row' : 'all'), own('shape')]),
    make('Where', 'factor', [own('mask'), own('scale'), name('dropped')]),
    { name: node.name, op: 'Mul', inputs: [value, own('factor')], outputs: node.outputs.slice(0, 1), attributes: {} },
  ];
  const constants = [
    floatTensor(own('scale'), [1], Float32Array.of(scale)),
    ...(isPadded ? [intTensor(own('count'), [values])] : []),
    ...(kind === 'channel' ? [intTensor(own('shape'), [0, shape[0], 1, 1, 1])] : []),
  ];
  return { nodes, constants };
}
