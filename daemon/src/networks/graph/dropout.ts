import { NetworkFault, shown } from '../fault.js';
import { type Dropout, type GraphBuilder, type Value } from './graph-builder.js';

/**
 * A random layer. In the graph it is an `Identity` node, which a Monte Carlo pass replaces by masks of its own; what it does
 * stands in the list of the builder, and from there in the manifest.
 */
export function dropout(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  kind: Dropout['kind'],
  rate: number,
): Value {
  const most = kind === 'gaussian-noise' ? Infinity : 1;
  if (!(rate >= 0 && rate < most))
    throw new NetworkFault(`the layer ${shown(layer)} has the rate ${rate}, and 0 to below ${most} was expected`);
  const name = builder.node('Identity', layer, [input.name]);
  builder.dropout({ node: name, kind, rate, shape: [input.channels, ...input.size] });
  return { ...input, name };
}
