import type { Random } from './random.js';

/** Edge of the coarse grid that carries what varies slowly through the molecule. */
const coarse = 64;

/** A field on the coarse grid over the unit cube, with its value between the grid points by nearest neighbour. */
type Field = Float32Array;

/** Gaussian noise of standard deviation 1 that varies over about `radius` cells: box sums, thrice on each axis. */
function smoothNoise(random: Random, radius: number): Field {
  let field = Float32Array.from({ length: coarse ** 3 }, () => random.normal());
  for (let pass = 0; pass < 3; pass++) {
    for (const stride of [1, coarse, coarse ** 2]) {
      const sums = new Float32Array(field.length);
      for (let i = 0; i < field.length; i++) {
        const position = Math.floor(i / stride) % coarse;
        for (let d = -radius; d <= radius; d++) {
          const wrapped = (position + d + coarse) % coarse;
          sums[i] = (sums[i] as number) + (field[i + (wrapped - position) * stride] as number);
        }
      }
      field = sums;
    }
  }
  const deviation = Math.sqrt(field.reduce((sum, value) => sum + value * value, 0) / field.length);
  return field.map((value) => value / deviation);
}

/** A lumpy globule: noise over a paraboloid around the centre, high inside. */
function globule(random: Random): Field {
  return smoothNoise(random, 5).map((value, i) => {
    const squares = [i % coarse, Math.floor(i / coarse) % coarse, Math.floor(i / coarse ** 2)].map(
      (c) => ((c + 0.5) / coarse - 0.5) ** 2,
    );
    return 0.9 * value - (1.3 * squares.reduce((sum, square) => sum + square, 0)) / 0.21 ** 2;
  });
}

/** Atoms in fractional coordinates (z, y, x), one array for each class of local B-factor: low, middle, high. */
export type Atoms = readonly Float32Array[];

/** Random atoms filling `share` of the box, in classes that follow a second slowly varying field. */
export function randomAtoms(random: Random, count: number, share: number): Atoms {
  const field = globule(random);
  const order = Uint32Array.from(field.keys()).sort((a, b) => (field[b] as number) - (field[a] as number));
  const inside = order.subarray(0, Math.round(share * order.length));
  const mobility = smoothNoise(random, 3);
  const classes: number[][] = [[], [], []];
  for (let atom = 0; atom < count; atom++) {
    const cell = inside[Math.floor(random.uniform() * inside.length)] as number;
    const value = mobility[cell] as number;
    const position = [Math.floor(cell / coarse ** 2), Math.floor(cell / coarse) % coarse, cell % coarse];
    const list = classes[value < -0.6 ? 0 : value < 0.6 ? 1 : 2];
    list?.push(...position.map((p) => (p + random.uniform()) / coarse));
  }
  return classes.map((list) => Float32Array.from(list));
}

/** Unit weights at the atoms, spread over the eight voxels around each (trilinear). */
export function scatter(atoms: Float32Array, edge: number): Float32Array {
  const density = new Float32Array(edge ** 3);
  for (let a = 0; a < atoms.length; a += 3) {
    const at = [0, 1, 2].map((axis) => (atoms[a + axis] as number) * edge);
    for (let corner = 0; corner < 8; corner++) {
      let index = 0;
      let weight = 1;
      at.forEach((coordinate, axis) => {
        const floor = Math.floor(coordinate);
        const upper = (corner >> axis) & 1;
        weight *= upper === 1 ? coordinate - floor : 1 - (coordinate - floor);
        index = index * edge + ((floor + upper) % edge);
      });
      density[index] = (density[index] as number) + weight;
    }
  }
  return density;
}
