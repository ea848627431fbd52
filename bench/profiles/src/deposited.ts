import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Atom, Element } from '../../../demo/dist/structure/atom.js';

const elements: readonly string[] = ['C', 'N', 'O', 'S'] satisfies readonly Element[];

/** Words of one ATOM record, in Å and Å². */
interface Fields {
  readonly element: string;
  readonly alternate: string;
  readonly x: string;
  readonly y: string;
  readonly z: string;
  readonly b: string;
}

/** PDB format: columns. */
const pdbFields = (line: string): Fields => ({
  element: line.slice(76, 78).trim(),
  alternate: line.slice(16, 17),
  x: line.slice(30, 38),
  y: line.slice(38, 46),
  z: line.slice(46, 54),
  b: line.slice(60, 66),
});

/** mmCIF: words in the order of the loop's names. */
const cifFields = (lines: readonly string[]): ((line: string) => Fields) => {
  const names = lines.filter((line) => line.startsWith('_atom_site.')).map((line) => line.trim().slice(11));
  return (line) => {
    const words = line.trim().split(/\s+/);
    const word = (name: string): string => words[names.indexOf(name)] ?? '';
    return {
      element: word('type_symbol'),
      alternate: word('label_alt_id'),
      x: word('Cartn_x'),
      y: word('Cartn_y'),
      z: word('Cartn_z'),
      b: word('B_iso_or_equiv'),
    };
  };
};

/** The first model of a PDB file, and the rows of the atom_site loop of an mmCIF file. */
const pdbLines = (lines: readonly string[]): readonly string[] => {
  const end = lines.findIndex((line) => line.startsWith('ENDMDL'));
  return lines.slice(0, end < 0 ? lines.length : end).filter((line) => line.startsWith('ATOM '));
};
const cifLines = (lines: readonly string[]): readonly string[] => {
  const rows = lines.slice(lines.findLastIndex((line) => line.startsWith('_atom_site.')) + 1);
  return rows.slice(
    0,
    rows.findIndex((line) => line.trim() === '' || line.startsWith('#')),
  );
};

/**
 * C, N, O and S atoms with their own B-factors (at least 5 Å²) of a gzipped file: of a PDB file those of polymers in the
 * first model, of an mmCIF file all; the first of alternate conformations. Region and residue, which only the simulated
 * structure knows, are the same for all.
 */
export const readAtoms = (path: string): Atom[] => {
  const lines = gunzipSync(readFileSync(path)).toString('latin1').split('\n');
  const fields = path.endsWith('.cif.gz') ? cifLines(lines).map(cifFields(lines)) : pdbLines(lines).map(pdbFields);
  return fields
    .filter(({ element, alternate }) => elements.includes(element) && ' A.1?'.includes(alternate))
    .map(({ element, x, y, z, b }) => ({
      name: element,
      element: element as Element,
      residue: 'UNK',
      residueNumber: 1,
      region: 'loop',
      position: [Number(x), Number(y), Number(z)],
      bFactor: Math.max(5, Number(b)),
    }));
};
