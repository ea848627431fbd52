import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { theoreticalCurve } from '../../daemon/dist/engine/theory.js';
import { frequencyAxis, hemisphere } from '../../theory/dist/amplitudes.js';
import { averageAmplitudes } from '../../theory/dist/average.js';
import { depositedClasses, readChains } from '../../theory/dist/deposited.js';
import { compareShapes } from '../../theory/dist/shape.js';

const folder = mkdtempSync(join(tmpdir(), 'locscale-theory-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const written = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, gzipSync(text));
  return path;
};

describe('reading deposited structures', () => {
  it('takes polymer atoms of the first model and the first conformation from a PDB file', () => {
    const path = written(
      'a.pdb.gz',
      [
        'ATOM      1  N   MET A   0      24.277   8.374  -9.854  1.00 38.41           N  ',
        'ATOM      2  CA AMET A   0      24.404   9.859  -9.939  0.50 37.90           C  ',
        'ATOM      3  CA BMET A   0      24.904   9.859  -9.939  0.50 37.90           C  ',
        'ATOM      4  SD  MET A   0      -4.404-109.859  -9.939  1.00 37.90              ',
        'ATOM      5  H   MET A   0      24.404   9.859  -9.939  1.00 37.90           H  ',
        'ATOM      6  P    DA B   1      24.404   9.859  -9.939  1.00 37.90           P  ',
        'HETATM    7  O   HOH A 101      24.404   9.859  -9.939  1.00 37.90           O  ',
        'ENDMDL',
        'ATOM      1  N   MET A   0      24.277   8.374  -9.854  1.00 38.41           N  ',
      ].join('\n'),
    );
    expect(readChains(path, 'protein')).toEqual([
      { element: 'N', position: [24.277, 8.374, -9.854] },
      { element: 'C', position: [24.404, 9.859, -9.939] },
      { element: 'S', position: [-4.404, -109.859, -9.939] },
    ]);
    expect(readChains(path, 'dna').map(({ element }) => element)).toEqual(['P']);
    expect(readChains(path, 'rna')).toEqual([]);
  });

  it('takes the same from an mmCIF file, with primes in quotes', () => {
    const columns = [
      'group_PDB',
      'type_symbol',
      'label_atom_id',
      'label_alt_id',
      'label_comp_id',
      'Cartn_x',
      'Cartn_y',
      'Cartn_z',
      'pdbx_PDB_model_num',
    ];
    const path = written(
      'a.cif.gz',
      [
        ...columns.map((column) => `_atom_site.${column} `),
        `ATOM O "O5'" . U 1.5 -2.5 3 1`,
        `ATOM C 'C5'' B U 1.5 -2.5 3 1`,
        `ATOM C "C4'" A U 4 5 6 1`,
        `ATOM C "C4'" . U 7 8 9 2`,
      ].join('\n'),
    );
    expect(readChains(path, 'rna')).toEqual([
      { element: 'O', position: [1.5, -2.5, 3] },
      { element: 'C', position: [4, 5, 6] },
    ]);
  });
});

const models = fileURLToPath(new URL('../../../shared/data/models/', import.meta.url));
describe.skipIf(!existsSync(models))('profiles of deposited structures (needs ../shared/data/models)', () => {
  const frequencies = frequencyAxis();
  const classes = existsSync(models) ? depositedClasses(models) : {};
  const profile = (name: string): Float64Array => {
    const structures = (classes[name] ?? []).map((structure) => structure.read());
    return averageAmplitudes(structures, frequencies, hemisphere(60)).mean;
  };

  it('helices: the simulated profile is about as close to theirs as the published one', () => {
    const deposited = profile('helix');
    const ours = compareShapes(theoreticalCurve('helix').amplitudes, deposited, frequencies).rms;
    const published = compareShapes(theoreticalCurve('locscale-helix').amplitudes, deposited, frequencies).rms;
    expect(published).toBeLessThan(0.07);
    expect(ours).toBeLessThan(1.3 * published);
  });

  it('RNA: the data come out again from the entries that they name', () => {
    const deposited = profile('rna');
    // 60 directions instead of 200.
    expect(compareShapes(theoreticalCurve('rna').amplitudes, deposited, frequencies).rms).toBeLessThan(0.035);
    expect(compareShapes(theoreticalCurve('dna').amplitudes, deposited, frequencies).rms).toBeGreaterThan(0.05);
  });
});
