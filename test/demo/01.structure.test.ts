import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import type { Atom } from '../../demo/dist/structure/atom.js';
import { toMmcif } from '../../demo/dist/structure/cif.js';
import { regularSegment } from '../../demo/dist/structure/segments.js';
import { buildStructure } from '../../demo/dist/structure/structure.js';
import {
  angleDegrees,
  cross,
  dihedralDegrees,
  distance,
  dot,
  subtract,
  type Vec3,
} from '../../demo/dist/structure/vector.js';

const atoms = buildStructure({ seed: 1 });

/** Position of a named atom in each residue that has it, by residue number. */
const named = (name: string): ReadonlyMap<number, Vec3> =>
  new Map(atoms.filter((atom) => atom.name === name).map((atom) => [atom.residueNumber, atom.position]));
const main = { N: named('N'), CA: named('CA'), C: named('C'), CB: named('CB') };

const fingerprint = (structure: readonly Atom[]): string =>
  createHash('sha256').update(toMmcif(structure, 'x')).digest('hex');

describe('a regular helix', () => {
  const helix = regularSegment('helix', 19, 'helix');
  const ca = helix.map((residue) => residue.CA);

  it('has consecutive CA atoms 3.8 Å apart', () => {
    for (const [i, position] of ca.slice(1).entries()) expect(distance(position, ca[i] as Vec3)).toBeCloseTo(3.8, 1);
  });

  it('rises 1.5 Å and turns 100° per residue', () => {
    // Residues i and i + 18 lie five turns apart on the same side, so their distance is 18 rises. With standard bond
    // angles the textbook dihedral angles give a helix a little longer than the textbook's 1.50 Å.
    const rise = distance(ca[0] as Vec3, ca[18] as Vec3) / 18;
    expect(rise).toBeGreaterThan(1.45);
    expect(rise).toBeLessThan(1.6);
    // The angle between the second differences of CA, which point at the axis, is the turn.
    const inward = (i: number): Vec3 => {
      const [a, b, c] = [ca[i], ca[i + 1], ca[i + 2]] as [Vec3, Vec3, Vec3];
      return [a[0] - 2 * b[0] + c[0], a[1] - 2 * b[1] + c[1], a[2] - 2 * b[2] + c[2]];
    };
    expect(angleDegrees(inward(0), [0, 0, 0], inward(1))).toBeGreaterThan(97);
    expect(angleDegrees(inward(0), [0, 0, 0], inward(1))).toBeLessThan(103);
  });

  it('is right-handed and has the dihedral angles it was built with', () => {
    const [a, b, c, d] = ca as [Vec3, Vec3, Vec3, Vec3];
    expect(dihedralDegrees(a, b, c, d)).toBeGreaterThan(40);
    expect(dihedralDegrees(a, b, c, d)).toBeLessThan(60);
    const [first, second] = helix as [(typeof helix)[0], (typeof helix)[0]];
    expect(dihedralDegrees(first.C, second.N, second.CA, second.C)).toBeCloseTo(-57, 6);
    expect(dihedralDegrees(first.N, first.CA, first.C, second.N)).toBeCloseTo(-47, 6);
    expect(Math.abs(dihedralDegrees(first.CA, first.C, second.N, second.CA))).toBeCloseTo(180, 6);
  });

  it('brings O of residue i within hydrogen-bond distance of N of residue i + 4', () => {
    expect(distance(helix[2]?.O as Vec3, helix[6]?.N as Vec3)).toBeGreaterThan(2.6);
    expect(distance(helix[2]?.O as Vec3, helix[6]?.N as Vec3)).toBeLessThan(3.3);
  });
});

describe('the structure', () => {
  it('has about 2,000 atoms in helices, strands, loops, an arm and a tail', () => {
    expect(atoms.length).toBeGreaterThan(1800);
    expect(atoms.length).toBeLessThan(2400);
    expect(new Set(atoms.map((atom) => atom.region))).toEqual(
      new Set(['strand', 'helix', 'loop', 'arm', 'hinge', 'tail']),
    );
  });

  it('ranges from well ordered to disordered', () => {
    const b = atoms.map((atom) => atom.bFactor).sort((x, y) => x - y);
    expect(b[0]).toBeLessThan(25);
    expect(b.at(-1)).toBeGreaterThan(200);
    const quarter = b[Math.floor(b.length / 4)] ?? Infinity;
    expect(quarter).toBeLessThan(45);
  });

  it('is one chain of trans peptides with standard bonds, loops included', () => {
    for (const [residue, c] of main.C) {
      const next = main.N.get(residue + 1);
      if (next === undefined) continue;
      expect(distance(c, next), `C ${residue} to N ${residue + 1}`).toBeCloseTo(1.33, 1);
      const apart = distance(main.CA.get(residue) as Vec3, main.CA.get(residue + 1) as Vec3);
      expect(Math.abs(apart - 3.8), `CA ${residue} to ${residue + 1}`).toBeLessThan(0.1);
    }
  });

  it('consists of L amino acids', () => {
    for (const [residue, cb] of main.CB) {
      const [n, ca, c] = [main.N, main.CA, main.C].map((by) => by.get(residue) as Vec3) as [Vec3, Vec3, Vec3];
      expect(dot(cross(subtract(n, ca), subtract(c, ca)), subtract(cb, ca)), `residue ${residue}`).toBeGreaterThan(0);
    }
  });

  it('has no clash between residues that are not neighbours', () => {
    let closest = Infinity;
    atoms.forEach((a, i) => {
      for (const b of atoms.slice(i + 1))
        if (b.residueNumber - a.residueNumber > 1) closest = Math.min(closest, distance(a.position, b.position));
    });
    expect(closest).toBeGreaterThan(2.4);
  });

  it('is the same for the same seed and another for another seed', () => {
    expect(fingerprint(buildStructure({ seed: 1 }))).toBe(fingerprint(atoms));
    expect(fingerprint(buildStructure({ seed: 2 }))).not.toBe(fingerprint(atoms));
  });

  it('is written as mmCIF with one row of sixteen columns for each atom', () => {
    const lines = toMmcif(atoms, 'name').split('\n');
    expect(lines[0]).toBe('data_name');
    const rows = lines.filter((line) => line.startsWith('ATOM '));
    expect(rows).toHaveLength(atoms.length);
    const columns = lines.filter((line) => line.startsWith('_atom_site.')).length;
    for (const row of rows) expect(row.split(' ')).toHaveLength(columns);
    expect(rows[1]).toContain(' CA . ');
  });
});
