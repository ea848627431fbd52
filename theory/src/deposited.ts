import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Vec3 } from '../../demo/dist/structure/vector.js';
import { isProfileElement, type Scatterer } from './scattering.js';

/** What is read of an atom record. */
interface AtomRecord {
  readonly element: string;
  readonly residue: string;
  readonly position: Vec3;
}

/** ATOM records of a PDB file by their columns: first model, first of alternate conformations. */
const pdbAtoms = (text: string): AtomRecord[] => {
  const end = text.indexOf('\nENDMDL');
  return (end < 0 ? text : text.slice(0, end))
    .split('\n')
    .filter((line) => line.startsWith('ATOM  ') && (line[16] === ' ' || line[16] === 'A'))
    .map((line) => ({
      // Old files leave the element's columns empty; then the name, which begins in column 13 or 14, tells it.
      element: (line.slice(76, 78).trim() || line.slice(12, 14).replaceAll(/[\d ]/g, '')).toUpperCase(),
      residue: line.slice(17, 20).trim(),
      position: [30, 38, 46].map((column) => Number(line.slice(column, column + 8))) as unknown as Vec3,
    }));
};

/** ATOM rows of an mmCIF file's atom_site loop: first model, first of alternate conformations. */
const cifAtoms = (text: string): AtomRecord[] => {
  const lines = text.split('\n');
  const columns = lines
    .filter((line) => line.startsWith('_atom_site.'))
    .map((line) => line.trim().slice('_atom_site.'.length));
  const rows = lines
    .filter((line) => /^ATOM\s/.test(line))
    .map((line) => [...line.matchAll(/"([^"]*)"|'([^']*)'(?=\s|$)|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? ''));
  const column = (name: string): ((row: readonly string[]) => string) => {
    const index = columns.indexOf(name);
    return (row) => row[index] ?? '';
  };
  const [alternate, model] = [column('label_alt_id'), column('pdbx_PDB_model_num')];
  const first = rows[0] === undefined ? '' : model(rows[0]);
  const [element, residue] = [column('type_symbol'), column('label_comp_id')];
  const axes = ['Cartn_x', 'Cartn_y', 'Cartn_z'].map(column);
  return rows
    .filter((row) => ['.', '?', 'A'].includes(alternate(row)) && model(row) === first)
    .map((row) => ({
      element: element(row).toUpperCase(),
      residue: residue(row),
      position: axes.map((axis) => Number(axis(row))) as unknown as Vec3,
    }));
};

/** Kinds of chain, by the names of their residues. */
export const chainKinds = {
  protein: /^(ALA|ARG|ASN|ASP|CYS|GLN|GLU|GLY|HIS|ILE|LEU|LYS|MET|MSE|PHE|PRO|SER|THR|TRP|TYR|VAL)$/,
  rna: /^[ACGU]$/,
  dna: /^D[ACGT]$/,
} as const;

/** The polymer atoms of one kind of chain in a coordinate file (.pdb.gz or .cif.gz), without hydrogen. */
export const readChains = (path: string, kind: keyof typeof chainKinds): Scatterer[] => {
  const text = gunzipSync(readFileSync(path)).toString('latin1');
  const records = path.endsWith('.cif.gz') ? cifAtoms(text) : pdbAtoms(text);
  return records.flatMap(({ element, residue, position }) => {
    if (!chainKinds[kind].test(residue)) return [];
    if (element === 'H' || !isProfileElement(element) || !position.every(Number.isFinite)) return [];
    return [{ element, position }];
  });
};

/** One record of the models' index. */
interface IndexEntry {
  readonly id: string;
  readonly file: string;
  readonly method: string;
  readonly resolution: number;
  readonly type: string;
  readonly fold_class: 'alpha' | 'beta' | 'mixed' | null;
  readonly atoms: number;
  readonly dna_residues: number;
  readonly rna_residues: number;
}

export interface DepositedStructure {
  readonly id: string;
  readonly read: () => Scatterer[];
}

/** Deposited X-ray structures by class; coordinates worse than this resolution (Å) say too little about fine detail. */
const limits = { protein: 2.5, nucleic: 3, atoms: 6000 };

/** The deposited structures of each class in a folder with an `index.json`. */
export const depositedClasses = (folder: string): Readonly<Record<string, readonly DepositedStructure[]>> => {
  const { entries } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
    readonly entries: readonly IndexEntry[];
  };
  const xray = entries.filter((entry) => entry.method === 'X-ray' && entry.atoms <= limits.atoms);
  const of = (kind: keyof typeof chainKinds, resolution: number, keep: (entry: IndexEntry) => boolean) =>
    xray
      .filter((entry) => entry.resolution <= resolution && keep(entry))
      .map(({ id, file }) => ({ id, read: () => readChains(join(folder, file), kind) }));
  const fold = (name: string) =>
    of('protein', limits.protein, (entry) => entry.type === 'protein' && entry.fold_class === name);
  return {
    helix: fold('alpha'),
    sheet: fold('beta'),
    mixed: fold('mixed'),
    rna: of('rna', limits.nucleic, (entry) => entry.rna_residues >= 20),
    dna: of('dna', limits.nucleic, (entry) => entry.dna_residues >= 20),
  };
};
