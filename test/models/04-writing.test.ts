import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noRow } from '@locscale/native';
import { readModel, writeModel, type Model } from '../../daemon/src/models/index.js';
import { describe, expect, it } from 'vitest';
import { putFile, scratchFolder } from '../volumes/helpers/scratch.js';
import { cifRow, cifTags, cifText, pdbText } from './helpers/pdb.js';
import { modelFiles, modelsFolder, modelsMissing } from './helpers/shared-models.js';

const folder = scratchFolder();
const out = join(folder, 'out.cif');

/** Writes a model with B-factors of its own and reads it again. */
async function withNewB(model: Model): Promise<Model> {
  const bFactors = model.atoms.bFactors.map((_, i) => 10 + (i % 90) + 0.125);
  await writeModel(out, { atoms: { ...model.atoms, bFactors }, source: model.source });
  const back = await readModel(out);
  expect(back.atoms.bFactors).toEqual(bFactors);
  return back;
}

const unchanged = [
  'positions',
  'elements',
  'occupancies',
  'alternates',
  'names',
  'residueNumbers',
  'insertions',
] as const;

describe('a model that is written', () => {
  it('keeps what an mmCIF file says beside its atoms, and drops tensors and other models', async () => {
    const before = "_struct.title 'kept title'\nloop_\n_atom_site_anisotrop.id\n_atom_site_anisotrop.U[1][1]\n1 0.5\n";
    const rows = [cifRow(), cifRow({ id: '2', auth_seq_id: '2' }), cifRow({ id: '3', pdbx_PDB_model_num: '2' })];
    const tags = [...cifTags, 'my_own_column'];
    const path = putFile(
      folder,
      'in.cif',
      cifText(
        tags,
        rows.map((row, i) => [...row, `own${i}`]),
        before,
      ),
    );
    const back = await withNewB(await readModel(path));
    const text = readFileSync(out, 'utf8');
    expect(text).toContain("'kept title'");
    expect(text).toMatch(/own0[\s\S]*own1/u);
    expect(text).not.toMatch(/anisotrop|own2/u);
    expect(back.facts).toMatchObject({ atoms: 2, models: 1 });
  });

  it('becomes mmCIF from PDB', async () => {
    const path = putFile(
      folder,
      'in.pdb',
      `TITLE     A TITLE\n${pdbText([
        { chain: 'B', number: '12' },
        { record: 'HETATM', chain: 'B', compound: 'HOH', number: '13', name: ' O  ', element: 'O' },
      ])}`,
    );
    const model = await readModel(path);
    const back = await withNewB(model);
    expect(readFileSync(out, 'utf8')).toContain('A TITLE');
    for (const column of unchanged) expect(back.atoms[column]).toEqual(model.atoms[column]);
    expect(back.atoms.chains).toEqual(['B']);
    expect([...back.atoms.heteros]).toEqual([0, 1]);
  });

  const listed = [
    'a loop of entities',
    'loop_\n_entity.id\n_entity.type\n1 polymer\n4 water\n',
    '4\\s+water\n5',
  ] as const;
  const single = ['a single entity', '_entity.id 1\n_entity.type polymer\n', '1\\s+polymer\n2'] as const;
  it.each([listed, single])('takes atoms that the source does not have: %s', async (_, entities, last) => {
    const compounds = '_chem_comp.id HOH\n_chem_comp.type .\n';
    const model = await readModel(putFile(folder, 'one.cif', cifText(cifTags, [cifRow()], entities + compounds)));
    const { atoms } = model;
    const [compound] = atoms.compoundNames;
    const doubled = {
      ...atoms,
      positions: Float64Array.of(...atoms.positions, 7, 8, 9.5),
      elements: Uint8Array.of(6, 8),
      bFactors: Float32Array.of(20, 33),
      occupancies: Float32Array.of(1, 0.5),
      equivalentB: Float32Array.of(NaN, NaN),
      alternates: Uint8Array.of(0, 0),
      names: Uint32Array.of(0, 0),
      residues: Uint32Array.of(0, 0),
      rows: Uint32Array.of(0, noRow),
    };
    for (const source of [model.source, null]) {
      await writeModel(out, { atoms: doubled, source });
      const back = await readModel(out);
      // Viewers look up the entity and the compound of every atom among those that are listed.
      const text = readFileSync(out, 'utf8');
      if (source !== null) expect(text).toMatch(new RegExp(`\\b${last}\\s+non-polymer\n`, 'u'));
      if (source !== null) expect(text).toMatch(new RegExp(`\\bHOH\\s+\\.\\s+${compound}\\s+non-polymer\n`, 'u'));
      for (const list of ['_entity.id', '_chem_comp.id']) expect(text.includes(list)).toBe(source !== null);
      expect([...back.atoms.positions]).toEqual([1, 2, 3, 7, 8, 9.5]);
      expect([...back.atoms.elements, ...back.atoms.bFactors, ...back.atoms.occupancies]).toEqual([
        6, 8, 20, 33, 1, 0.5,
      ]);
    }
  });

  const some = modelFiles.filter((name, i) => name.includes('.cif') || i % 12 === 0);
  it.skipIf(modelsMissing).each(some)(
    '%s comes back as it was (needs ../shared/data/models)',
    async (name) => {
      const model = await readModel(`${modelsFolder}${name}`);
      const back = await withNewB(model);
      for (const column of unchanged) expect(back.atoms[column]).toEqual(model.atoms[column]);
      const named = ({ atoms }: Model): readonly string[] =>
        [...atoms.residues].map(
          (r) => `${atoms.chains[atoms.residueChains[r] ?? 0]} ${atoms.compoundNames[atoms.residueNames[r] ?? 0]}`,
        );
      expect(named(back)).toEqual(named(model));
    },
    60_000,
  );
});
