import { describe, expect, it } from 'vitest';
import { parsePointGroup } from './point-group.js';
import { distance, identityRotation, product, rotationAbout, turned, type Rotation, type Vector } from './rotations.js';

const transposed = (m: Rotation): Rotation => {
  const column = (i: 0 | 1 | 2): Vector => [m[0][i], m[1][i], m[2][i]];
  return [column(0), column(1), column(2)];
};
const determinant = ([a, b, c]: Rotation): number =>
  a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
const has = (group: readonly Rotation[], rotation: Rotation): boolean =>
  group.some((each) => distance(each, rotation) < 1e-9);

describe('point groups', () => {
  it.each([
    ['C1', 1],
    ['C2', 2],
    ['C7', 7],
    ['C99', 99],
    ['D1', 2],
    ['D2', 4],
    ['D7', 14],
    ['T', 12],
    ['T222', 12],
    ['O', 24],
    ['I', 60],
    ['I1', 60],
    ['I2', 60],
    ['I3', 60],
    ['I4', 60],
  ])('%s is a group of %i rotations', (name, order) => {
    const { rotations } = parsePointGroup(name);
    expect(rotations).toHaveLength(order);
    expect(rotations[0]).toEqual(identityRotation);
    for (const a of rotations) {
      expect(determinant(a)).toBeCloseTo(1, 12); // no mirror
      expect(distance(product(a, transposed(a)), identityRotation)).toBeLessThan(1e-12);
      expect(has(rotations, transposed(a))).toBe(true);
    }
    for (const a of rotations.slice(0, 12)) for (const b of rotations) expect(has(rotations, product(a, b))).toBe(true);
  });

  it.each<readonly [string, number, Vector]>([
    ['C5', 5, [0, 0, 1]],
    ['D7', 2, [1, 0, 0]],
    ['T', 3, [0, 0, 1]],
    ['T', 3, [0, 0.94280904, -1 / 3]],
    ['T222', 2, [1, 0, 0]],
    ['O', 4, [1, 0, 0]],
    ['O', 4, [0, 0, 1]],
    // The five-digit axes that EMDA and servalcat carry.
    ['I', 5, [0, 0.85065, 0.52573]],
    ['I1', 5, [0.85065, 0, 0.52573]],
    ['I3', 5, [0.723606, 0.525732, 0.447214]],
    ['I3', 5, [-0.276391, -0.850645, 0.447216]],
    ['I4', 5, [-0.723606, -0.525732, 0.447214]],
    ['I4', 5, [0, 0, 1]],
  ])('%s has a %i-fold on (%s)', (name, fold, axis) => {
    const near = rotationAbout(axis, 360 / fold);
    expect(parsePointGroup(name).rotations.some((each) => distance(each, near) < 2e-5)).toBe(true);
  });

  it('tells the four settings of I apart, and T from ChimeraX’s t', () => {
    const settings = ['I1', 'I2', 'I3', 'I4', 'T', 'T222'].map((name) => parsePointGroup(name).rotations);
    for (const [i, a] of settings.entries())
      for (const b of settings.slice(i + 1)) expect(a.every((rotation) => has(b, rotation))).toBe(false);
  });

  it('turns to the right: C4 takes x to y', () => {
    const [x, y, z] = turned(parsePointGroup('C4').rotations[1] as Rotation, [1, 0, 0]);
    expect([x, y, z]).toEqual([0, 1, 0]);
  });

  it('puts the 2-fold of Dn where it is asked for', () => {
    const { name, rotations } = parsePointGroup('D7', 15.8);
    const axis: Vector = [Math.cos((15.8 * Math.PI) / 180), Math.sin((15.8 * Math.PI) / 180), 0];
    expect(has(rotations, rotationAbout(axis, 180))).toBe(true);
    expect(name).toBe('D7 (2-fold at 15.8°)');
  });

  it.each([
    ['i', 'I2'],
    ['i,222', 'I1'],
    ['i,222r', 'I2'],
    ['i,n25', 'I3'],
    ['I,N25R', 'I4'],
    ['t,222', 'T222'],
    [' d7 ', 'D7'],
  ])('reads %s as %s', (text, name) => {
    expect(parsePointGroup(text).name).toBe(name);
  });

  it.each(['', 'C', 'C0', 'C100', 'D', 'I5', 'Q7', 'C7.5', 'constructor', 'C07'])('refuses "%s"', (text) => {
    expect(() => parsePointGroup(text)).toThrow(/is not known; expected C1 to C99/);
  });

  it('refuses an angle of the 2-fold where there is none to choose', () => {
    expect(() => parsePointGroup('C7', 10)).toThrow(/10°.*C7/);
  });
});
