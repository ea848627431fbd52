import { NetworkFault, shown } from '../fault.js';

/** Types of storages by the class that names them; bytes of one element. */
export const storages = {
  FloatStorage: { type: 'float32', bytes: 4 },
  DoubleStorage: { type: 'float64', bytes: 8 },
  HalfStorage: { type: 'float16', bytes: 2 },
  BFloat16Storage: { type: 'bfloat16', bytes: 2 },
  LongStorage: { type: 'int64', bytes: 8 },
  IntStorage: { type: 'int32', bytes: 4 },
  BoolStorage: { type: 'bool', bytes: 1 },
  ByteStorage: { type: 'uint8', bytes: 1 },
} as const;
export type StorageName = keyof typeof storages;

/** A tensor as the pickle describes it: a view into a storage. Offset and strides count elements. */
export interface TensorView {
  readonly kind: 'tensor';
  readonly storage: Storage;
  readonly offset: number;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
}
export interface Storage {
  readonly kind: 'storage';
  readonly name: StorageName;
  /** Entry `data/KEY` of the archive. */
  readonly key: string;
  readonly elements: number;
}

/** The few names that a file of tensors refers to. They are labels here: nothing is ever called. */
const allowedNames = {
  'collections.OrderedDict': 'dictionary',
  'torch._utils._rebuild_tensor_v2': 'tensor',
  'torch._utils._rebuild_parameter': 'parameter',
  ...Object.fromEntries(Object.keys(storages).map((name) => [`torch.${name}`, 'storage'])),
} as const satisfies Readonly<Record<string, string>>;

/** Names beside the tensors of a checkpoint (a loss as a NumPy number, a device). What they would make is never made and never looked at. */
const ignoredNames = new Set([
  'numpy.core.multiarray.scalar',
  'numpy._core.multiarray.scalar',
  'numpy.dtype',
  '_codecs.encode',
  'torch.device',
  'torch.Size',
]);

export interface Global {
  readonly kind: 'global';
  readonly name: string;
}
export interface Dictionary {
  readonly kind: 'dictionary';
  readonly entries: Map<string, Value>;
}
export interface List {
  readonly kind: 'list';
  readonly items: Value[];
}
export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}
/** Something that is of no use here. */
export interface Ignored {
  readonly kind: 'ignored';
}
export type Value =
  string | number | boolean | null | Ignored | Global | Dictionary | List | Tuple | Storage | TensorView;

export const isKind = <K extends string>(
  value: Value | undefined,
  kind: K,
): value is Extract<Value, { readonly kind: K }> => typeof value === 'object' && value !== null && value.kind === kind;

export function globalNamed(module: string, name: string): Global {
  const full = `${module}.${name}`;
  if (!Object.hasOwn(allowedNames, full) && !ignoredNames.has(full))
    throw new NetworkFault(
      `its pickle asks for ${shown(full)}, and only tensors are read: nothing was run`,
      'save the state dictionary alone (torch.save(model.state_dict(), file)), and do not open this file in Python unless you trust it',
    );
  return { kind: 'global', name: full };
}

/** What PyTorch's loader would get from calling a name with arguments. */
export function construct(called: Value | undefined, args: Value | undefined): Value {
  if (!isKind(called, 'global') || !isKind(args, 'tuple')) throw unexpected();
  if (ignoredNames.has(called.name)) return { kind: 'ignored' };
  const [first, offset, dims, strides] = args.items;
  switch (called.name) {
    case 'collections.OrderedDict':
      if (args.items.length > 0) throw unexpected();
      return { kind: 'dictionary', entries: new Map() };
    case 'torch._utils._rebuild_parameter':
      if (!isKind(first, 'tensor')) throw unexpected();
      return first;
    case 'torch._utils._rebuild_tensor_v2':
      if (!isKind(first, 'storage')) throw unexpected();
      return { kind: 'tensor', storage: first, offset: index(offset), dims: indices(dims), strides: indices(strides) };
    default:
      throw unexpected();
  }
}

/** A storage from its persistent id: ('storage', class, key, device, elements). */
export function storageOf(id: Value | undefined): Storage {
  if (!isKind(id, 'tuple')) throw unexpected();
  const [word, named, key, , count] = id.items;
  if (word !== 'storage' || !isKind(named, 'global') || typeof key !== 'string') throw unexpected();
  const name = named.name.replace(/^torch\./u, '');
  if (!Object.hasOwn(storages, name)) throw unexpected();
  return { kind: 'storage', name: name as StorageName, key, elements: index(count) };
}

export const unexpected = (): NetworkFault =>
  new NetworkFault(
    'its pickle is not that of a dictionary of tensors',
    'save the state dictionary alone (torch.save(model.state_dict(), file))',
  );

function index(value: Value | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw unexpected();
  return value;
}

function indices(value: Value | undefined): readonly number[] {
  if (!isKind(value, 'tuple') || value.items.length > 8) throw unexpected();
  return value.items.map(index);
}
