/** How one voxel of a mode that is read here is stored. */
export type VoxelType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'float16' | 'float32';

export const bytesPerVoxel: Readonly<Record<VoxelType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  float32: 4,
};

/** Modes of MRC2014 that hold one real number a voxel. Mode 0 is signed unless the file says otherwise. */
const readModes: ReadonlyMap<number, VoxelType> = new Map([
  [0, 'int8'],
  [1, 'int16'],
  [2, 'float32'],
  [6, 'uint16'],
  [12, 'float16'],
]);

/** Modes that exist (MRC2014 and IMOD) but are no density map; refused by name. */
const refusedModes: ReadonlyMap<number, string> = new Map([
  [3, 'complex numbers of 16-bit integers (a transform)'],
  [4, 'complex numbers of 32-bit floats (a transform)'],
  [16, 'RGB colour images'],
  [101, '4-bit integers (raw movie frames)'],
]);

export type ModeLookup =
  | { readonly kind: 'read'; readonly type: VoxelType }
  | { readonly kind: 'refused'; readonly what: string }
  | { readonly kind: 'unknown' };

export const lookUpMode = (mode: number): ModeLookup => {
  const type = readModes.get(mode);
  if (type !== undefined) return { kind: 'read', type };
  const what = refusedModes.get(mode);
  return what === undefined ? { kind: 'unknown' } : { kind: 'refused', what };
};
