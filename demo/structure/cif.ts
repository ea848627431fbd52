import type { Atom } from './atom.js';

/** Columns of the `atom_site` loop that viewers need. */
const columns = [
  'group_PDB',
  'id',
  'type_symbol',
  'label_atom_id',
  'label_alt_id',
  'label_comp_id',
  'label_asym_id',
  'label_entity_id',
  'label_seq_id',
  'Cartn_x',
  'Cartn_y',
  'Cartn_z',
  'occupancy',
  'B_iso_or_equiv',
  'auth_seq_id',
  'auth_asym_id',
] as const;

/** The atoms as one chain A in mmCIF, coordinates in Å in the frame of the maps. */
export const toMmcif = (atoms: readonly Atom[], name: string): string => {
  const rows = atoms.map((atom, i) =>
    [
      'ATOM',
      i + 1,
      atom.element,
      atom.name,
      '.',
      atom.residue,
      'A',
      1,
      atom.residueNumber,
      ...atom.position.map((coordinate) => coordinate.toFixed(3)),
      '1.00',
      atom.bFactor.toFixed(2),
      atom.residueNumber,
      'A',
    ].join(' '),
  );
  const header = [`data_${name}`, '#', 'loop_', ...columns.map((column) => `_atom_site.${column}`)];
  return [...header, ...rows, '#', ''].join('\n');
};
