import { z } from 'zod';
import { NetworkFault, shown } from '../fault.js';

/** One layer of a Keras model, and the layers whose output it takes. */
export interface KerasLayer {
  readonly name: string;
  /** Without a package prefix: `GroupNormalization`, not `Addons>GroupNormalization`. */
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly string[];
}

export interface KerasModel {
  readonly name: string;
  readonly layers: ReadonlyMap<string, KerasLayer>;
  readonly input: string;
  readonly output: string;
}

const layerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: z.array(z.unknown()).optional(),
});
const modelSchema = z.object({
  class_name: z.string(),
  config: z.object({
    name: z.string().optional(),
    layers: z.array(layerSchema).max(10_000),
    input_layers: z.unknown().optional(),
    output_layers: z.unknown().optional(),
  }),
});
type LayerConfig = z.infer<typeof layerSchema>;

/** Reads the text of `model_config`. Nothing in it is ever run: `Lambda` layers are refused like all unknown ones. */
export function parseModelConfig(text: string): KerasModel {
  const parsed = modelSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new NetworkFault('its model_config is not the description of a Keras model');
  const { class_name: kind, config } = parsed.data;
  if (kind === 'Sequential') return sequential(config.name ?? 'network', config.layers);
  if (kind !== 'Functional' && kind !== 'Model')
    throw new NetworkFault(`its model is of the class ${shown(kind)}, and Functional or Sequential was expected`);
  const layers = new Map<string, KerasLayer>();
  for (const layer of config.layers) add(layers, layer, inputsOf(layer));
  return {
    name: config.name ?? 'network',
    layers,
    input: onlyEnd(config.input_layers, 'input'),
    output: onlyEnd(config.output_layers, 'output'),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NetworkFault('its model_config is not valid JSON');
  }
}

const nameOf = (layer: LayerConfig): string => layer.name ?? stringOr(layer.config['name'], '');
const stringOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

function add(layers: Map<string, KerasLayer>, layer: LayerConfig, inputs: readonly string[]): void {
  const name = nameOf(layer);
  if (name === '' || layers.has(name)) throw new NetworkFault(`two layers have the name ${shown(name)}`);
  layers.set(name, { name, type: layer.class_name.replace(/^.*>/u, ''), config: layer.config, inputs });
}

/** Layers one after another; the shape of the input may stand in the first of them. */
function sequential(name: string, list: readonly LayerConfig[]): KerasModel {
  const layers = new Map<string, KerasLayer>();
  const first = list[0];
  if (first === undefined) throw new NetworkFault('its model has no layers');
  let before: string;
  if (first.class_name === 'InputLayer') before = nameOf(first);
  else {
    before = 'input';
    add(layers, { class_name: 'InputLayer', name: before, config: first.config }, []);
  }
  const input = before;
  for (const layer of list) {
    add(layers, layer, layer === first && first.class_name === 'InputLayer' ? [] : [before]);
    before = nameOf(layer);
  }
  return { name, layers, input, output: before };
}

/**
 * The layers that feed a layer. Keras 2 writes `[[["name", node, tensor, kwargs], …]]`, Keras 3 writes
 * `[{ args: [… keras_history: ["name", node, tensor] …], kwargs }]`.
 */
function inputsOf(layer: LayerConfig): readonly string[] {
  const calls = layer.inbound_nodes ?? [];
  if (calls.length === 0) return [];
  if (calls.length > 1)
    throw new NetworkFault(`the layer ${shown(nameOf(layer))} is used ${calls.length} times, and once was expected`);
  const names: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 8) throw new NetworkFault(`the inputs of the layer ${shown(nameOf(layer))} cannot be read`);
    if (Array.isArray(value)) {
      const [name, node, tensor] = value as readonly unknown[];
      if (typeof name !== 'string') {
        for (const inner of value as readonly unknown[]) visit(inner, depth + 1);
        return;
      }
      if (node !== 0 || tensor !== 0)
        throw new NetworkFault(
          `the layer ${shown(nameOf(layer))} takes a second output of ${shown(name)}, which no layer here has`,
        );
      names.push(name);
    } else if (typeof value === 'object' && value !== null) {
      if ('args' in value) visit(value.args, depth + 1);
      else if ('config' in value) visit(value.config, depth + 1);
      else if ('keras_history' in value) visit(value.keras_history, depth + 1);
    }
  };
  visit(calls[0], 0);
  return names;
}

/** `[["name", 0, 0]]`, or `["name", 0, 0]` in newer files. */
function onlyEnd(value: unknown, what: string): string {
  const list: readonly unknown[] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const entry: readonly unknown[] = Array.isArray(list[0]) ? (list[0] as readonly unknown[]) : list;
  const count = Array.isArray(list[0]) ? list.length : list.length === 0 ? 0 : 1;
  const name = entry[0];
  if (count !== 1 || typeof name !== 'string')
    throw new NetworkFault(
      `its model has ${count} ${what}s, and one was expected`,
      'give a network of one map in and one map out',
    );
  return name;
}
