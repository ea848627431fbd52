import { controlled } from './control.js';
import { addon } from './load.js';
import type { Atoms } from './model.js';
import { expectLength } from './shape.js';

/** Kinds of text that models come in. */
export type ModelFormat = 'pdb' | 'mmcif';

/** Row of an atom that its source does not have. */
export const noRow = 0xffffffff;

/**
 * The first model of a file, as columns; texts are kept once and named by their index. Missing numbers are NaN and
 * unknown elements 0: what to make of them is for the reader to decide.
 */
export interface ModelColumns extends Atoms {
  /** B-factor that an anisotropic tensor stands for (8π²/3 of its trace), Å²; NaN for atoms without one. */
  readonly equivalentB: Float32Array;
  /** Letter of the alternate conformation as its code, 0 without one. */
  readonly alternates: Uint8Array;
  /** Index into `atomNames`. */
  readonly names: Uint32Array;
  /** Index into the columns of residues. */
  readonly residues: Uint32Array;
  /** Which atom record of the source's first model it is; `noRow` for an atom that was added. */
  readonly rows: Uint32Array;
  readonly atomNames: readonly string[];
  /** Of each residue: index into `compoundNames`. */
  readonly residueNames: Uint32Array;
  /** Of each residue: index into `chains`. */
  readonly residueChains: Uint32Array;
  readonly residueNumbers: Int32Array;
  /** Insertion letter as its code, 0 without one. */
  readonly insertions: Uint8Array;
  /** 1 where the first atom is a HETATM. */
  readonly heteros: Uint8Array;
  readonly compoundNames: readonly string[];
  /** Names of chains as authors gave them. */
  readonly chains: readonly string[];
}

type TextColumn = 'atomNames' | 'compoundNames' | 'chains';
type WriteTask = Omit<ModelColumns, 'equivalentB' | TextColumn> &
  Readonly<Record<TextColumn, Uint8Array>> & { readonly source: Uint8Array; readonly pdb: number };

interface ModelFileAddon {
  readModel(task: { text: Uint8Array; pdb: number }): Promise<ModelColumns & { readonly models: number }>;
  writeModel(task: WriteTask): Promise<Uint8Array>;
}

/** Reads the first model of a file that lies unpacked in memory; `models` says how many there are. */
export function readModelText(
  text: Uint8Array,
  format: ModelFormat,
): Promise<ModelColumns & { readonly models: number }> {
  return controlled({}, () => addon<ModelFileAddon>().readModel({ text, pdb: Number(format === 'pdb') }));
}

/**
 * The atoms as mmCIF text. What the source says beside its atoms is kept; its atom table is cut to the rows of these atoms
 * and takes their positions, B-factors and occupancies; atoms without a row follow; anisotropic tensors go.
 */
export function writeModelText(
  atoms: ModelColumns,
  source: { readonly text: Uint8Array; readonly format: ModelFormat } | null,
): Promise<Uint8Array> {
  const count = atoms.elements.length;
  expectLength('The positions', atoms.positions, 3 * count, 'numbers');
  for (const name of ['bFactors', 'occupancies', 'alternates', 'names', 'residues', 'rows'] as const)
    expectLength(`The column ${name}`, atoms[name], count, 'entries');
  const residueCount = atoms.residueNumbers.length;
  for (const name of ['residueNames', 'residueChains', 'insertions', 'heteros'] as const)
    expectLength(`The column ${name}`, atoms[name], residueCount, 'entries');
  expectIndices('names', atoms.names, atoms.atomNames.length);
  expectIndices('residues', atoms.residues, residueCount);
  expectIndices('residueNames', atoms.residueNames, atoms.compoundNames.length);
  expectIndices('residueChains', atoms.residueChains, atoms.chains.length);
  const lines = (list: readonly string[]): Uint8Array => new TextEncoder().encode(list.join('\n'));
  return controlled({}, () =>
    addon<ModelFileAddon>().writeModel({
      ...atoms,
      atomNames: lines(atoms.atomNames),
      compoundNames: lines(atoms.compoundNames),
      chains: lines(atoms.chains),
      source: source?.text ?? new Uint8Array(0),
      pdb: Number(source?.format === 'pdb'),
    }),
  );
}

function expectIndices(name: string, indices: Uint32Array, below: number): void {
  const wrong = indices.find((index) => index >= below);
  if (wrong !== undefined) throw new RangeError(`the column ${name} names entry ${wrong} of ${below}`);
}
