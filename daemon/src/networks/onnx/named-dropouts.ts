import { z } from 'zod';
import { NetworkFault, shown } from '../fault.js';
import { dropoutsKey } from '../graph/converted.js';
import type { Dropout } from '../graph/graph-builder.js';
import { dropoutSchema } from '../library/manifest.js';
import type { Model, Node } from './model.js';

/**
 * Random layers of an ONNX file: those that its metadata list under `locscale.dropouts`, each the name of an `Identity` or a
 * `Dropout` node. ONNX itself does not say what the values' shape is there, so a `Dropout` node that is not listed is refused.
 * Returns them with the nodes in which `Dropout` has become `Identity`.
 */
export function namedDropouts({ graph, metadata }: Model): {
  readonly dropouts: readonly Dropout[];
  readonly nodes: readonly Node[];
} {
  const text = metadata[dropoutsKey] ?? '[]';
  const parsed = z.array(dropoutSchema).safeParse(parse(text));
  if (!parsed.success)
    throw new NetworkFault(`its list of random layers (${dropoutsKey}) is not as docs/networks.md describes it`);
  const listed = new Map(parsed.data.map((dropout) => [dropout.node, dropout]));
  const nodes = graph.nodes.map((node): Node => {
    if (node.op !== 'Dropout') return node;
    if (!listed.has(node.name))
      throw new NetworkFault(
        `its node ${shown(node.name)} is a Dropout that its metadata do not describe`,
        'export the network for inference, or list its random layers (docs/networks.md)',
      );
    return {
      ...node,
      op: 'Identity',
      inputs: node.inputs.slice(0, 1),
      outputs: node.outputs.slice(0, 1),
      attributes: {},
    };
  });
  for (const { node: name } of parsed.data)
    if (nodes.filter((node) => node.name === name && node.op === 'Identity').length !== 1)
      throw new NetworkFault(
        `its list of random layers names ${shown(name)}, and the name of one Identity or Dropout node was expected`,
      );
  return { dropouts: parsed.data, nodes };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
