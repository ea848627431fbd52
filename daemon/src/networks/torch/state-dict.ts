import { NetworkFault, shown } from '../fault.js';
import { readPickle } from './pickle.js';
import { type Dictionary, isKind, storages, type TensorView, type Value } from './pickle-values.js';
import { zipEntries } from './zip.js';

/** The tensors of a PyTorch file by name, read when they are asked for. */
export class StateDict {
  readonly #tensors: ReadonlyMap<string, TensorView>;
  readonly #storage: (key: string) => Uint8Array | undefined;

  private constructor(tensors: ReadonlyMap<string, TensorView>, storage: (key: string) => Uint8Array | undefined) {
    this.#tensors = tensors;
    this.#storage = storage;
  }

  /** A bare state dictionary, or a checkpoint that holds one as `model_state_dict` or `state_dict`. */
  static read(file: Uint8Array): StateDict {
    const entries = zipEntries(file);
    const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/u.test(name));
    const [pickle] = pickles;
    if (pickle === undefined || pickles.length > 1)
      throw new NetworkFault(
        'it is a zip archive, but not one that PyTorch 1.6 or newer wrote: it holds no data.pkl',
        'give the .pt file itself',
      );
    const folder = pickle.slice(0, pickle.indexOf('/'));
    const order = entries.get(`${folder}/byteorder`);
    if (order !== undefined && new TextDecoder().decode(order).trim() !== 'little')
      throw new NetworkFault('its numbers are stored in big-endian order, and little-endian was expected');
    const tensors = tensorsOf(readPickle(entries.get(pickle) as Uint8Array));
    return new StateDict(tensors, (key) => entries.get(`${folder}/data/${key}`));
  }

  get names(): readonly string[] {
    return [...this.#tensors.keys()];
  }

  dims(name: string): readonly number[] {
    return this.#tensor(name).dims;
  }

  /** Values of a tensor with the dimensions expected, in C order whatever its strides are. */
  take(name: string, dims: readonly number[]): Float32Array {
    const view = this.#tensor(name);
    if (view.dims.length !== dims.length || view.dims.some((n, axis) => n !== dims[axis]))
      throw new NetworkFault(
        `its tensor ${shown(name)} has the shape ${view.dims.join(' x ')}, and ${dims.join(' x ')} was expected`,
      );
    const { type, bytes } = storages[view.storage.name];
    if (type !== 'float32')
      throw new NetworkFault(
        `its tensor ${shown(name)} holds ${type} numbers, and float32 was expected`,
        'save the network in single precision',
      );
    const stored = this.#storage(view.storage.key);
    if (stored?.length !== view.storage.elements * bytes)
      throw new NetworkFault(
        `its tensor ${shown(name)} has ${stored?.length ?? 0} bytes, and ${view.storage.elements * bytes} were expected`,
      );
    return gather(name, view, new Float32Array(stored.slice().buffer));
  }

  #tensor(name: string): TensorView {
    const view = this.#tensors.get(name);
    if (view === undefined) throw new NetworkFault(`it holds no tensor named ${shown(name)}`);
    return view;
  }
}

function tensorsOf(root: Value): ReadonlyMap<string, TensorView> {
  if (!isKind(root, 'dictionary')) throw new NetworkFault('it does not hold a dictionary of tensors');
  const inner = ['model_state_dict', 'state_dict']
    .map((key) => root.entries.get(key))
    .find((value) => isKind(value, 'dictionary'));
  const dictionary: Dictionary = isKind(inner, 'dictionary') ? inner : root;
  const tensors = new Map<string, TensorView>();
  for (const [name, value] of dictionary.entries)
    // Networks that were trained on several GPUs have the prefix of the wrapper.
    if (isKind(value, 'tensor')) tensors.set(name.replace(/^module\./u, ''), value);
  if (tensors.size === 0) throw new NetworkFault('it holds no tensors');
  return tensors;
}

function gather(name: string, { dims, strides, offset }: TensorView, stored: Float32Array): Float32Array {
  const size = dims.reduce((product, n) => product * n, 1);
  const last = dims.reduce((at, n, axis) => at + (n - 1) * (strides[axis] ?? 0), offset);
  if (strides.length !== dims.length || size > stored.length || (size > 0 && last >= stored.length))
    throw new NetworkFault(`its tensor ${shown(name)} reaches beyond the end of its data`);
  const out = new Float32Array(size);
  const index = dims.map(() => 0);
  let from = offset;
  for (let to = 0; to < size; to++) {
    out[to] = stored[from] as number;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (dims[axis] as number)) break;
      from -= (strides[axis] as number) * (dims[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}
