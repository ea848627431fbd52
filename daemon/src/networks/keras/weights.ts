import { NetworkFault, shown } from '../fault.js';
import type { Hdf5Group } from './hdf5.js';

/** Weights that one network may have: 2^28, 1 GiB in single precision; EMmerNet has 22.9 million. */
const mostWeights = 2 ** 28;

/** Weights of one layer, by the last word of their names (`kernel`, `bias`, `gamma`, …). */
export interface LayerWeights {
  /** Values with the dimensions expected, in C order. */
  take(word: string, dims: readonly number[]): Float32Array;
}

/** The weights of a Keras file; a file of weights alone has them at its root. */
export class KerasWeights {
  readonly #root: Hdf5Group;
  #left = mostWeights;

  constructor(file: Hdf5Group) {
    this.#root = file.group('model_weights') ?? file;
  }

  of(layer: string): LayerWeights {
    const group = this.#root.group(layer);
    const names = group?.texts('weight_names') ?? [];
    const path = (word: string): string | null =>
      names.find((name) => (name.split('/').at(-1) ?? '').replace(/:\d+$/u, '') === word) ?? null;
    const read = (word: string, accept: (shape: readonly number[]) => void): Float32Array => {
      const at = path(word);
      const found = at === null || group === null ? null : group.floats(at, accept);
      if (found === null)
        throw new NetworkFault(`it holds no ${word} for the layer ${shown(layer)}, which its model_config names`);
      return found;
    };
    return {
      take: (word, dims) =>
        read(word, (shape) => {
          if (shape.length !== dims.length || shape.some((n, axis) => n !== dims[axis]))
            throw new NetworkFault(
              `the ${word} of the layer ${shown(layer)} has the shape ${shape.join(' x ')}, and its model_config asks for ${dims.join(' x ')}`,
            );
          this.#left -= dims.reduce((product, n) => product * n, 1);
          if (this.#left < 0)
            throw new NetworkFault(`it has more than ${mostWeights} weights`, 'a network so large cannot be run here');
        }),
    };
  }
}

/** Puts axes of an array in C order into another order: axis i of the result is axis `order[i]` of the input. */
export function transpose(values: Float32Array, dims: readonly number[], order: readonly number[]): Float32Array {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, n) => product * n, 1));
  const outDims = order.map((axis) => dims[axis] as number);
  const outStrides = order.map((axis) => strides[axis] as number);
  const out = new Float32Array(values.length);
  const index = outDims.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from] as number;
    for (let axis = outDims.length - 1; axis >= 0; axis--) {
      from += outStrides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (outDims[axis] as number)) break;
      from -= (outStrides[axis] as number) * (outDims[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}
