import { NetworkFault, shown } from '../fault.js';
import { GraphBuilder, type Value } from '../graph/graph-builder.js';
import { type Converted, defaultCube, finishGraph } from '../graph/converted.js';
import { type KerasLayer, type KerasModel, parseModelConfig } from './config.js';
import { Hdf5Group, textOfAttribute } from './hdf5.js';
import { inputShape } from './layer-config.js';
import { convertLayer } from './layers.js';
import { KerasWeights } from './weights.js';

/** Converts a Keras model in an HDF5 file; the topology is that of its `model_config`, never one assumed. */
export function convertKeras(bytes: ArrayBuffer): Converted {
  const file = Hdf5Group.open(bytes);
  const config = textOfAttribute(file.attribute('model_config'));
  if (config === null)
    throw new NetworkFault(
      'it is an HDF5 file without model_config, so the layers of the network are not known',
      'give the file that Keras saves with the whole model, not the weights alone',
    );
  const model = parseModelConfig(config);
  const builder = new GraphBuilder();
  const values = new Map<string, Value>();
  const weights = new KerasWeights(file);
  for (const layer of inOrder(model)) {
    if (layer.type === 'InputLayer') {
      if (layer.name !== model.input) throw new NetworkFault(`its model has a second input, ${shown(layer.name)}`);
      const { channels, size } = inputShape(layer);
      values.set(layer.name, builder.input(layer.name, channels, size ?? defaultCube));
    } else {
      const inputs = layer.inputs.map((name) => values.get(name) as Value);
      values.set(layer.name, convertLayer(builder, layer, inputs, weights.of(layer.name)));
    }
  }
  const input = values.get(model.input);
  const output = values.get(model.output);
  if (input === undefined || output === undefined)
    throw new NetworkFault('the input of its model does not lead to its output');
  return finishGraph('keras', builder, input, output, []);
}

/** The layers that the output needs, each after those that feed it. */
function inOrder(model: KerasModel): readonly KerasLayer[] {
  const order: KerasLayer[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const stack: { readonly name: string; readonly leaving: boolean }[] = [{ name: model.output, leaving: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { name, leaving } = top;
    const layer = model.layers.get(name);
    if (layer === undefined)
      throw new NetworkFault(`its model_config names the layer ${shown(name)}, but does not describe it`);
    if (leaving) {
      state.set(name, 'done');
      order.push(layer);
    } else if (state.get(name) === 'open') {
      throw new NetworkFault(`its layer ${shown(name)} feeds itself`);
    } else if (state.get(name) === undefined) {
      state.set(name, 'open');
      stack.push({ name, leaving: true });
      for (const input of [...layer.inputs].reverse())
        if (state.get(input) !== 'done') stack.push({ name: input, leaving: false });
    }
  }
  return order;
}
