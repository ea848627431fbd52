/** Lines of PDB files for tests, written independently of the code under test. */
export interface PdbAtom {
  readonly record?: 'ATOM' | 'HETATM';
  readonly serial?: string;
  readonly name?: string;
  readonly alternate?: string;
  readonly compound?: string;
  readonly chain?: string;
  readonly number?: string;
  readonly position?: readonly [number, number, number];
  readonly occupancy?: string;
  readonly b?: string;
  readonly element?: string;
}

/** One atom record, columns as the format's description has them. */
export function pdbLine(atom: PdbAtom = {}): string {
  const { record = 'ATOM', serial = '1', name = ' CA ', alternate = ' ', compound = 'ALA', chain = 'A' } = atom;
  const { number = '1', position = [1, 2, 3], occupancy = '1.00', b = '20.00', element = 'C' } = atom;
  const [x, y, z] = position.map((value) => value.toFixed(3).padStart(8));
  const identity = `${record.padEnd(6)}${serial.padStart(5)} ${name}${alternate}${compound.padStart(3)}${chain.padStart(2)}${number.padStart(4)} `;
  return `${identity}   ${x ?? ''}${y ?? ''}${z ?? ''}${occupancy.padStart(6)}${b.padStart(6)}${' '.repeat(10)}${element.padStart(2)}\n`;
}

export const pdbText = (atoms: readonly PdbAtom[]): string => `${atoms.map(pdbLine).join('')}END\n`;

/** An mmCIF file of atoms: one text for each column of each row. */
export function cifText(tags: readonly string[], rows: readonly (readonly string[])[], before = ''): string {
  const head = tags.map((tag) => `_atom_site.${tag}\n`).join('');
  return `data_test\n${before}loop_\n${head}${rows.map((row) => `${row.join(' ')}\n`).join('')}`;
}

/** Columns that most files have. */
export const cifTags = [
  'group_PDB',
  'id',
  'type_symbol',
  'label_atom_id',
  'label_alt_id',
  'label_comp_id',
  'label_asym_id',
  'label_seq_id',
  'Cartn_x',
  'Cartn_y',
  'Cartn_z',
  'occupancy',
  'B_iso_or_equiv',
  'auth_seq_id',
  'auth_asym_id',
  'pdbx_PDB_model_num',
] as const;

export const cifRow = (change: Partial<Record<(typeof cifTags)[number], string>> = {}): readonly string[] => {
  const usual = 'ATOM 1 C CA . ALA A 1 1.0 2.0 3.0 1.00 20.00 1 A 1'.split(' ');
  return cifTags.map((tag, i) => change[tag] ?? usual[i] ?? '?');
};
