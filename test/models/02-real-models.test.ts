import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readModel } from '../../daemon/src/models/index.js';
import { describe, expect, it } from 'vitest';
import { modelFiles, modelsFolder, modelsMissing } from './helpers/shared-models.js';

interface Count {
  atoms: number;
  sumX: number;
  sumB: number;
}

/** Atoms of the first model of a PDB file, counted by lines. */
function countPdb(text: string): Count {
  const count = { atoms: 0, sumX: 0, sumB: 0 };
  for (const line of text.split('\n')) {
    if (/^END(MDL|\s*$)/u.test(line)) break;
    if (!/^(ATOM  |HETATM)/u.test(line)) continue;
    count.atoms += 1;
    count.sumX += Number(line.slice(30, 38));
    count.sumB += Math.max(0, Number(line.slice(60, 66)));
  }
  return count;
}

/** Atoms of the first model of an mmCIF file whose atom rows are lines of words, as in all deposited ones. */
function countCif(text: string): Count {
  const count = { atoms: 0, sumX: 0, sumB: 0 };
  const tags: string[] = [];
  let model: string | undefined;
  for (const line of text.split('\n')) {
    const tag = /^_atom_site\.(\S+)/u.exec(line)?.[1];
    if (tag !== undefined) tags.push(tag);
    else if (tags.length > 0 && !/^(ATOM|HETATM)\b/u.test(line)) break;
    else if (tags.length > 0) {
      const words = line.match(/'[^']*'(?=\s|$)|"[^"]*"(?=\s|$)|\S+/gu) ?? [];
      const value = (name: string): string => words[tags.indexOf(name)] ?? '';
      model ??= value('pdbx_PDB_model_num');
      if (value('pdbx_PDB_model_num') !== model) continue;
      count.atoms += 1;
      count.sumX += Number(value('Cartn_x'));
      count.sumB += Math.max(0, Number(value('B_iso_or_equiv')));
    }
  }
  return count;
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

describe.skipIf(modelsMissing)('deposited models (needs ../shared/data/models)', () => {
  it('are many', () => {
    expect(modelFiles.length).toBeGreaterThanOrEqual(240);
  });

  it.each(modelFiles)(
    '%s is read with as many atoms as it has',
    async (name) => {
      const text = gunzipSync(readFileSync(`${modelsFolder}${name}`)).toString('latin1');
      const expected = name.includes('.cif') ? countCif(text) : countPdb(text);
      const { atoms, facts } = await readModel(`${modelsFolder}${name}`);
      expect(facts.atoms).toBe(expected.atoms);
      expect(expected.atoms).toBeGreaterThan(400);
      expect(sum(atoms.positions.filter((_, i) => i % 3 === 0))).toBeCloseTo(expected.sumX, 3);
      // Columns hold float32, so the sum of what was read is exact to 10⁻⁶; negative B-factors were raised to 0 on both sides.
      expect(sum(atoms.bFactors) / expected.sumB).toBeCloseTo(1, 5);
      expect(atoms.elements.every((element) => element >= 1 && element <= 98)).toBe(true);
    },
    60_000,
  );
});
