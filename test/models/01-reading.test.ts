import { gzipSync } from 'node:zlib';
import { readModel, atomName, type Model } from '../../daemon/src/models/index.js';
import { describe, expect, it } from 'vitest';
import { failure } from '../volumes/helpers/errors.js';
import { putFile, scratchFolder } from '../volumes/helpers/scratch.js';
import { cifRow, cifTags, cifText, pdbLine, pdbText } from './helpers/pdb.js';

const folder = scratchFolder();
let files = 0;
const read = (text: string | Uint8Array): Promise<Model> =>
  readModel(putFile(folder, `m${files++}.txt`, text), { name: 'm' });
const kinds = (model: Model): readonly string[] => model.warnings.map(({ kind }) => kind);

describe('a model', () => {
  it('is read from PDB and from mmCIF, plain and packed, into the same columns', async () => {
    const pdb = pdbText([{ position: [1, 2, 3], b: '12.50', occupancy: '0.50' }]);
    const cif = cifText(cifTags, [cifRow({ occupancy: '0.5', B_iso_or_equiv: '12.5' })]);
    for (const text of [pdb, cif, gzipSync(pdb), gzipSync(cif), `# comment\n\n${cif}`, pdb.replaceAll('\n', '\r\n')]) {
      const { atoms, warnings } = await read(text);
      expect([...atoms.positions]).toEqual([1, 2, 3]);
      expect([...atoms.bFactors, ...atoms.occupancies, ...atoms.elements]).toEqual([12.5, 0.5, 6]);
      expect(atomName(atoms, 0)).toBe('CA of ALA 1 in chain A');
      expect(warnings).toEqual([]);
    }
  });

  it('keeps all alternate conformations with their occupancies', async () => {
    const { atoms, facts } = await read(
      pdbText([
        { alternate: 'A', occupancy: '0.60' },
        { alternate: 'B', occupancy: '0.40', position: [2, 2, 3] },
      ]),
    );
    expect([...atoms.occupancies].map((value) => value.toFixed(2))).toEqual(['0.60', '0.40']);
    expect(facts).toMatchObject({ atoms: 2, alternates: 2, residues: 1 });
    expect(atomName(atoms, 1)).toBe('CA (conformation B) of ALA 1 in chain A');
  });

  it('counts hydrogens and waters, and takes deuterium for hydrogen', async () => {
    const { atoms, facts } = await read(
      pdbText([
        { name: ' H  ', element: 'H' },
        { name: ' D  ', element: 'D' },
        { record: 'HETATM', name: ' O  ', compound: 'HOH', number: '2', element: 'O' },
      ]),
    );
    expect([...atoms.elements]).toEqual([1, 1, 8]);
    expect(facts).toMatchObject({ hydrogens: 2, waters: 1 });
  });

  it('derives elements from atom names where the column is empty', async () => {
    const lines = [
      { name: ' CA ', element: '  ' },
      { record: 'HETATM', name: 'CA  ', compound: ' CA', element: '  ', number: '2' },
      { name: '1HB ', element: '  ', number: '3' },
    ] as const;
    expect([...(await read(pdbText(lines))).atoms.elements]).toEqual([6, 20, 1]);
  });

  it('uses B-factors and says when anisotropic tensors disagree', async () => {
    const tensor = (u: number): string =>
      `ANISOU    1  CA  ALA A   1  ${[u, u, u, 0, 0, 0].map((n) => String(n).padStart(7)).join('')}       C\n`;
    const alike = await read(`${pdbLine({ b: '78.96' })}${tensor(10_000)}END\n`); // 8π² Å² for U = 1
    expect(kinds(alike)).toEqual([]);
    expect(alike.facts.anisotropic).toBe(1);
    const unlike = await read(`${pdbLine({ b: '20.00' })}${tensor(10_000)}END\n`);
    expect(unlike.warnings[0]).toMatchObject({
      kind: 'model.anisotropic',
      message: expect.stringMatching(/CA of ALA 1/) as string,
    });
    expect(unlike.atoms.bFactors[0]).toBe(20);
  });

  it('is the first of several', async () => {
    const model = (n: number): string =>
      `MODEL     ${String(n).padStart(4)}\n${pdbLine({ position: [n, 0, 0] })}ENDMDL\n`;
    const pdb = await read(`${model(1)}${model(2)}END\n`);
    expect([pdb.atoms.positions[0], pdb.facts.models, kinds(pdb)]).toEqual([1, 2, ['model.several']]);
    const cif = await read(cifText(cifTags, [cifRow(), cifRow({ pdbx_PDB_model_num: '2' })]));
    expect([cif.facts.atoms, cif.facts.models]).toEqual([1, 2]);
  });

  it('may be large: long chain names, hybrid-36 numbers, residues beyond 9999', async () => {
    const pdb = await read(
      pdbText([
        { serial: '99999', chain: 'AB', number: '9999' },
        { serial: 'A0000', chain: 'AB', number: 'A000' },
      ]),
    );
    expect([...pdb.atoms.residueNumbers]).toEqual([9999, 10_000]);
    expect(pdb.atoms.chains).toEqual(['AB']);
    const rows = Array.from({ length: 120_000 }, (_, i) =>
      cifRow({ id: String(i + 1), auth_asym_id: 'LongChain', auth_seq_id: String(i), Cartn_x: String(i / 1000) }),
    );
    const cif = await read(cifText(cifTags, rows));
    expect(cif.facts).toMatchObject({ atoms: 120_000, residues: 120_000 });
    expect(cif.atoms.chains).toEqual(['LongChain']);
    expect(cif.atoms.positions[3 * 119_999]).toBe(119.999);
  });

  it('gets along with what files lack', async () => {
    const tags = ['Cartn_x', 'Cartn_y', 'Cartn_z', 'type_symbol'];
    const { atoms, warnings } = await read(
      cifText(tags, [
        ['1', '2', '3', 'N'],
        ['1', '2', '3', 'O'],
      ]),
    );
    expect([...atoms.occupancies]).toEqual([1, 1]);
    expect(warnings.map(({ kind }) => kind)).toEqual(['model.no-b-factor', 'model.uniform-b-factor']);
    const pair = await read(
      'data_x\n_atom_site.Cartn_x 1\n_atom_site.Cartn_y 2\n_atom_site.Cartn_z 3\n_atom_site.type_symbol C\n',
    );
    expect([...pair.atoms.positions]).toEqual([1, 2, 3]);
  });
});

describe('numbers that make no sense are put in order and named', () => {
  const fine = Array.from({ length: 30 }, (_, i) => ({ number: String(i + 2), b: `${20 + i}.00` }));
  it.each([
    [
      'a negative B-factor',
      { b: '-5.00' },
      'model.negative-b-factor',
      /1 atom \(CA of ALA 1 in chain A\).*negative/,
      [0, 1, 6],
    ],
    ['a negative occupancy', { occupancy: '-0.50' }, 'model.negative-occupancy', /CA of ALA 1/, [20, 0, 6]],
    ['an occupancy above 1', { occupancy: '2.00' }, 'model.large-occupancy', /above 1/, [20, 2, 6]],
    ['an unknown element', { element: 'XX', name: ' XX ' }, 'model.unknown-element', /XX of ALA 1.*oxygen/, [20, 1, 8]],
  ] as const)('%s', async (_, change, kind, sentence, [b, occupancy, element]) => {
    const { atoms, warnings } = await read(pdbText([change, ...fine]));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ kind, message: expect.stringMatching(sentence) as string });
    expect([atoms.bFactors[0], atoms.occupancies[0], atoms.elements[0]]).toEqual([b, occupancy, element]);
  });

  it('all B-factors 0 are worth a warning', async () => {
    const { warnings } = await read(pdbText([{ b: '0.00' }, { b: '0.00', number: '2' }]));
    expect(warnings[0]?.message).toMatch(/every atom has the B-factor 0 Å²/);
  });
});

describe('a file that is no model is refused in one sentence', () => {
  const coordinate = (value: string): string => cifText(cifTags, [cifRow({ Cartn_y: value })]);
  it.each([
    ['nothing', '', 'input.format', /is empty/],
    ['noise', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251)), 'input.format', /a binary file/],
    ['prose', 'Dear all,\nplease find the model attached.\n', 'input.format', /neither PDB nor mmCIF/],
    ['a web page', '<!DOCTYPE html><html></html>', 'input.format', /HTML page/],
    ['JSON', '{"data_1ABC": {}}', 'input.format', /JSON/],
    ['a PDB file without atoms', 'HEADER    NOTHING\nEND\n', 'input.model', /no atoms/],
    ['an mmCIF file without atoms', 'data_x\n_entry.id x\n', 'input.model', /no atoms/],
    ['an unterminated text', `${coordinate('2.0')}_entry.id 'x\n`, 'input.format', /line 20, column \d+: unterminated/],
    ['a short row', `${coordinate('2.0')}ATOM 2 C\n`, 'input.format', /line \d+.*[Ww]rong number of values/],
    ['NaN as a coordinate', coordinate('nan'), 'input.model', /y coordinate of atom CA of ALA 1 in chain A/],
    ['no coordinate', coordinate('?'), 'input.model', /y coordinate of atom CA of ALA 1/],
    [
      'words as a coordinate',
      pdbLine().replace('   1.000', '  oops  '),
      'input.model',
      /line 1: the x \(columns 31 to 38\).*"oops"/,
    ],
    ['NaN in PDB', `REMARK\n${pdbLine().replace('   2.000', '     nan')}`, 'input.model', /line 2: the y/],
    ['stars for a B-factor', pdbLine({ b: '******' }), 'input.model', /B-factor.*"\*{6}"/],
    ['a cut line', pdbLine().slice(0, 50), 'input.model', /line 1: the atom record ends after column 50/],
    ['einsteinium', pdbText([{ element: 'ES', name: 'ES  ' }]), 'input.model', /element 99.*1 to 98/],
    [
      'only unknown elements',
      pdbText([{ element: 'XX', name: ' XX ' }]),
      'input.model',
      /1 of 1 atoms have no known element/,
    ],
    ['no occupancy at all', pdbText([{ occupancy: '0.00' }]), 'input.model', /occupancy 0/],
  ] as const)('%s', async (_, text, kind, sentence) => {
    const error = await failure(read(typeof text === 'string' ? text : new Uint8Array(text)));
    expect({ kind: error.kind, message: error.message }).toMatchObject({
      kind,
      message: expect.stringMatching(sentence) as string,
    });
    expect(error.message).toMatch(/^m[: ]/);
  });
});
