import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/** What calculations need of the atoms of a model; one entry an atom, three of `positions`. */
export interface Atoms {
  /** x, y, z of each atom, Å. */
  readonly positions: Float64Array;
  /** Atomic numbers; `meanProteinAtom` for pseudo-atoms. */
  readonly elements: Uint8Array;
  /** Isotropic B-factors, Å². */
  readonly bFactors: Float32Array;
  readonly occupancies: Float32Array;
}

/** Where the voxels of a map lie; vectors are (x, y, z) in Å. */
export interface ModelGrid {
  readonly shape: Shape;
  readonly voxelSize: readonly [x: number, y: number, z: number];
  /** Centre of voxel [0,0,0]. */
  readonly origin: readonly [x: number, y: number, z: number];
}

/** Rotated and shifted copies of a model. */
export interface ModelCopies {
  /** 3 × 4 matrices row by row, 12 numbers each: x' = R x + t, Å. */
  readonly operators: Float64Array;
  /** `average`: each of n copies with 1/n of the occupancy; `assemble`: each with all of it. */
  readonly weight: 'average' | 'assemble';
}

export interface SimulateModelOptions extends CallOptions {
  /** B-factor added on the grid and taken away afterwards, Å²; default: what the voxel size asks for. */
  readonly blur?: number | undefined;
  /** Cut-off of a tanh low-pass at the end, Å. */
  readonly resolution?: number | undefined;
  readonly copies?: ModelCopies | undefined;
}

export interface SimulatedModel {
  readonly map: Float32Array;
  /** The blur that was used, Å². */
  readonly blur: number;
  /** Atoms (each copy counted) that lie outside the box and were left out. */
  readonly outside: number;
}

export interface AtomWords {
  positions: Float64Array;
  elements: Uint8Array;
  bFactors: Float32Array;
  occupancies: Float32Array;
  shape: Shape;
  voxelSize: Float64Array;
  origin: Float64Array;
}

interface ModelAddon {
  simulateModel(
    task: AtomWords & {
      blur?: number;
      resolution: number;
      operators: Float64Array;
      weight: number;
      map: Float32Array;
      control: ControlBlock;
      threads: number;
    },
  ): Promise<{ blur: number; outside: number }>;
  voxelsNearAtoms(
    task: AtomWords & { radius: number; mask: Uint8Array; control: ControlBlock; threads: number },
  ): Promise<void>;
}

/** Heaviest element of the table of scattering factors: californium. */
export const heaviestElement = 98;
/** In place of an atomic number: a pseudo-atom, which scatters as the mean of 63 % carbon, 17 % nitrogen and 20 % oxygen. */
export const meanProteinAtom = 99;

const scatters = (element: number): boolean =>
  (element >= 1 && element <= heaviestElement) || element === meanProteinAtom;

export function atomWords(atoms: Atoms, grid: ModelGrid): AtomWords {
  const { positions, elements, bFactors, occupancies } = atoms;
  const count = elements.length;
  expectShape(grid.shape);
  expectLength('The positions', positions, 3 * count, 'numbers');
  expectLength('The B-factors', bFactors, count, 'numbers');
  expectLength('The occupancies', occupancies, count, 'numbers');
  const unknown = elements.find((element) => !scatters(element));
  if (unknown !== undefined)
    throw new NativeError(
      'input.parameter',
      `An atom has the atomic number ${unknown}; scattering factors exist for 1 to ${heaviestElement}.`,
    );
  if (![positions, bFactors, occupancies].every((column) => column.every(Number.isFinite)))
    throw new NativeError('input.parameter', 'A number of an atom is not finite; give finite ones.');
  if (!grid.voxelSize.every((edge) => Number.isFinite(edge) && edge > 0) || !grid.origin.every(Number.isFinite))
    throw new NativeError(
      'input.parameter',
      `The voxel size is (${grid.voxelSize.join(', ')}) Å and the origin (${grid.origin.join(', ')}) Å; give finite numbers, the voxel size above 0.`,
    );
  const { shape } = grid;
  const [voxelSize, origin] = [Float64Array.from(grid.voxelSize), Float64Array.from(grid.origin)];
  return { positions, elements, bFactors, occupancies, shape, voxelSize, origin };
}

/**
 * The electron-scattering potential of a model on a map's grid, exact up to 0.8 of the Nyquist frequency and 0 beyond it
 * (docs/models.md). Atoms outside the box are left out. Memory beyond the arrays: 4 bytes a voxel, 80 an atom.
 */
export async function simulateModel(
  atoms: Atoms,
  grid: ModelGrid,
  options: SimulateModelOptions = {},
): Promise<SimulatedModel> {
  const words = atomWords(atoms, grid);
  const { blur, resolution = 0, copies } = options;
  if (blur !== undefined && !Number.isFinite(blur))
    throw new NativeError('input.parameter', `The blur is ${blur} Å²; give a finite number.`);
  if (!(Number.isFinite(resolution) && resolution >= 0))
    throw new NativeError('input.parameter', `The resolution is ${resolution} Å; give a number above 0.`);
  const operators = copies?.operators ?? new Float64Array(0);
  if (operators.length % 12 !== 0 || !operators.every(Number.isFinite))
    throw new NativeError('input.parameter', `${operators.length} numbers of operators are given; give 12 for each.`);
  const weight = copies?.weight === 'average' && operators.length > 0 ? 12 / operators.length : 1;
  const map = new Float32Array(voxelCount(grid.shape));
  const result = await controlled(options, (control, threads) =>
    addon<ModelAddon>().simulateModel({
      ...words,
      ...(blur === undefined ? {} : { blur }),
      resolution,
      operators,
      weight,
      map,
      control,
      threads,
    }),
  );
  return { map, ...result };
}

/** 1 for every voxel whose centre lies within `radius` Å of an atom, else 0. */
export async function voxelsNearAtoms(
  atoms: Atoms,
  grid: ModelGrid,
  radius: number,
  options: CallOptions = {},
): Promise<Uint8Array> {
  const words = atomWords(atoms, grid);
  if (!(radius > 0 && radius <= 1000))
    throw new NativeError('input.parameter', `The radius is ${radius} Å; give a number above 0, at most 1000.`);
  const mask = new Uint8Array(voxelCount(grid.shape));
  await controlled(options, (control, threads) =>
    addon<ModelAddon>().voxelsNearAtoms({ ...words, radius, mask, control, threads }),
  );
  return mask;
}
