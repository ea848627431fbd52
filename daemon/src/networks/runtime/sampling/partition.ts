import { NetworkFault } from '../../fault.js';
import { elementTypes, type ElementType, type Graph, type Model, type Node, type Port } from '../../onnx/model.js';

/** A graph cut where chance comes in: what comes before is the same in every pass over a cube. */
export interface Partition {
  /** Computes `cut` from the map; null when there is nothing before the first random layer. */
  readonly prefix: Model | null;
  /** Everything else; takes `cut`, and the map too where a random part needs it. */
  readonly rest: Model;
  /** Names of the values that go from one to the other. */
  readonly cut: readonly string[];
}

/**
 * Cuts a network behind everything that no random layer stands in front of. Nodes that need no map (shapes, constants) go
 * into both parts.
 */
export function partition(model: Model, randomNodes: ReadonlySet<string>): Partition {
  const { graph } = model;
  const input = graph.inputs[0];
  if (input === undefined) throw new NetworkFault('it has no input');
  const fixed = new Set(graph.constants.map(({ name }) => name));
  const random = new Set<string>();
  const types = new Map<string, ElementType>(
    [...graph.constants, ...graph.inputs].map(({ name, type }) => [name, type] as const),
  );
  for (const node of graph.nodes) {
    const chance = randomNodes.has(node.name) || node.inputs.some((name) => random.has(name));
    const needsMap = node.inputs.some((name) => name !== '' && !fixed.has(name));
    for (const output of node.outputs) {
      types.set(output, typeOf(node, types));
      if (chance) random.add(output);
      else if (!needsMap) fixed.add(output);
    }
  }
  const isRandom = ({ outputs }: Node): boolean => outputs.some((name) => random.has(name));
  const later = graph.nodes.filter(isRandom);
  const wanted = new Set([...later.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)]);
  const made = new Set(graph.nodes.filter((node) => !isRandom(node)).flatMap(({ outputs }) => outputs));
  const cut = [...wanted].filter((name) => made.has(name) && !fixed.has(name));
  const port = (name: string): Port => ({ name, type: types.get(name) ?? 'float32', dims: [] });
  const ports = cut.map(port);
  const readsMap = later.some(({ inputs }) => inputs.includes(input.name));
  const restInputs = [...(readsMap || cut.length === 0 ? [input] : []), ...ports];
  return {
    prefix: cut.length === 0 ? null : part(model, [input], ports),
    rest: part(model, restInputs, graph.outputs),
    cut,
  };
}

/** The part of a model that computes some values from others. */
function part(model: Model, inputs: readonly Port[], outputs: readonly Port[]): Model {
  const given = new Set(inputs.map(({ name }) => name));
  const needed = new Set(outputs.map(({ name }) => name));
  const nodes: Node[] = [];
  for (const node of model.graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name) && !given.has(name))) continue;
    nodes.unshift(node);
    for (const name of node.inputs) needed.add(name);
  }
  const constants = model.graph.constants.filter(({ name }) => needed.has(name));
  const graph: Graph = { ...model.graph, nodes, constants, inputs, outputs };
  return { ...model, graph, metadata: {} };
}

/** Element type of what a node makes. Those that keep the type of their first input are the rule. */
function typeOf({ op, inputs, attributes }: Node, types: ReadonlyMap<string, ElementType>): ElementType {
  if (op === 'Shape' || op === 'Size') return 'int64';
  if (/^(Equal|Greater|Less|Not|And|Or)/u.test(op)) return 'bool';
  if (op === 'Where') return types.get(inputs[1] ?? '') ?? 'float32';
  const { to, value } = attributes;
  if (op === 'Cast' && to?.kind === 'int') {
    const found = Object.entries(elementTypes).find(([, { code }]) => code === to.value);
    if (found !== undefined) return found[0] as ElementType;
  }
  if (op.startsWith('Constant') && value?.kind === 'tensor') return value.value.type;
  return types.get(inputs[0] ?? '') ?? 'float32';
}
