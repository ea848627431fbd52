import { describe, expect, it } from 'vitest';
import type { Scatterer } from '../../theory/dist/scattering.js';
import { simulatedClasses, simulatedStructures } from '../../theory/dist/simulated.js';

const distance = (a: Scatterer, b: Scatterer): number =>
  Math.hypot(...a.position.map((coordinate, axis) => coordinate - (b.position[axis] as number)));

describe.each(simulatedClasses)('a simulated structure of class %s', (name) => {
  const [atoms = []] = simulatedStructures(name, 1);
  const middle: Scatterer = {
    element: 'C',
    position: [0, 1, 2].map(
      (axis) => atoms.reduce((sum, { position }) => sum + (position[axis] as number), 0) / atoms.length,
    ) as unknown as Scatterer['position'],
  };
  const core = atoms.filter((atom) => distance(atom, middle) < 8);

  it('has the composition of a protein', () => {
    expect(atoms.length).toBeGreaterThan(800);
    expect(atoms.length).toBeLessThan(1800);
    const share = (element: string): number => atoms.filter((atom) => atom.element === element).length / atoms.length;
    // Average protein without hydrogen: C 0.63, N 0.17, O 0.19, S 0.006; types without template have changed it a little.
    expect(share('C')).toBeCloseTo(0.63, 1);
    expect(share('N')).toBeCloseTo(0.16, 1);
    expect(share('O')).toBeCloseTo(0.2, 1);
    expect(share('S')).toBeLessThan(0.02);
  });

  it('is packed as densely as deposited proteins, which have 40 to 48 atoms within 6 Å of each in their middle', () => {
    expect(core.length).toBeGreaterThan(70);
    const near = core.map((atom) => atoms.filter((other) => other !== atom && distance(atom, other) < 6).length);
    const mean = near.reduce((sum, count) => sum + count, 0) / near.length;
    expect(mean).toBeGreaterThan(40);
    expect(mean).toBeLessThan(55);
  });

  it('has bonds of the lengths of organic molecules, and hardly an overlap', () => {
    const nearest = core.map((atom) =>
      atoms.reduce((least, other) => (other === atom ? least : Math.min(least, distance(atom, other))), Infinity),
    );
    expect(Math.max(...nearest)).toBeLessThan(1.85);
    expect(nearest.filter((length) => length < 1.2).length / nearest.length).toBeLessThan(0.03);
  });
});
