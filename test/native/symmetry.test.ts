import { describe, expect, it } from 'vitest';
import { NativeError, splineCoefficients, symmetrise, symmetryCorrelations } from '@locscale/native';
import { largestDifference, randomMap, voxelIndex } from './helpers.js';

/** One operator about a centre: rows (z, y, x) of the matrix. */
const about = (rows: readonly (readonly number[])[], centre: readonly number[]): number[] =>
  rows.flatMap((row, i) => [...row, (centre[i] ?? 0) - row.reduce((sum, r, j) => sum + r * (centre[j] ?? 0), 0)]);

const turnAboutZ = (degrees: number): readonly (readonly number[])[] => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [
    [1, 0, 0],
    [0, c, s],
    [0, -s, c],
  ];
};
const identity = turnAboutZ(0);
const eye = about(identity, [0, 0, 0]);
/** By 41 degrees about (x, y, z) = (1, 2, 3), rows and columns in the order z, y, x. */
const tilted = ((): readonly (readonly number[])[] => {
  const length = Math.sqrt(14);
  const u = [3 / length, 2 / length, 1 / length] as const; // z, y, x
  const [c, s] = [Math.cos((41 * Math.PI) / 180), Math.sin((41 * Math.PI) / 180)];
  const cross = [
    [0, u[2], -u[1]],
    [-u[2], 0, u[0]],
    [u[1], -u[0], 0],
  ] as const;
  return [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => (i === j ? c : 0) + s * (cross[i]?.[j] ?? 0) + (1 - c) * (u[i] ?? 0) * (u[j] ?? 0)),
  );
})();

/**
 * The definition, in double precision: the spline through a row of samples by solving its tridiagonal equations (values
 * (a + 4 b + c) / 6, reflection at both ends), where the kernel runs a recursive filter.
 */
function solveSpline(samples: readonly number[]): number[] {
  const n = samples.length;
  if (n === 1) return [...samples];
  const upper: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < n; i++) {
    const below = i === n - 1 ? 2 / 6 : 1 / 6;
    const above = i === 0 ? 2 / 6 : 1 / 6;
    const pivot = 4 / 6 - (i === 0 ? 0 : below * (upper[i - 1] ?? 0));
    upper.push(above / pivot);
    right.push(((samples[i] ?? 0) - (i === 0 ? 0 : below * (right[i - 1] ?? 0))) / pivot);
  }
  for (let i = n - 2; i >= 0; i--) right[i] = (right[i] ?? 0) - (upper[i] ?? 0) * (right[i + 1] ?? 0);
  return right;
}

function solveBox(map: Float32Array, shape: readonly [number, number, number]): Float64Array {
  const box = Float64Array.from(map);
  const [nz, ny, nx] = shape;
  for (const [n, stride] of [
    [nx, 1],
    [ny, nx],
    [nz, ny * nx],
  ] as const) {
    for (let i = 0; i < box.length; i++) {
      if (Math.floor(i / stride) % n !== 0) continue;
      solveSpline(Array.from({ length: n }, (_, k) => box[i + k * stride] ?? 0)).forEach(
        (c, k) => (box[i + k * stride] = c),
      );
    }
  }
  return box;
}

const bump = (x: number): number => {
  const a = Math.abs(x);
  return a < 1 ? 2 / 3 - a * a + a ** 3 / 2 : a < 2 ? (2 - a) ** 3 / 6 : 0;
};
const reflected = (i: number, n: number): number => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i);

function directAverage(
  map: Float32Array,
  shape: readonly [number, number, number],
  operators: readonly number[],
): Float64Array {
  const [nz, ny, nx] = shape;
  const coefficients = solveBox(map, shape);
  const at = (p: readonly number[]): number => {
    let sum = 0;
    const [z = 0, y = 0, x = 0] = p.map(Math.floor);
    for (let k = z - 1; k <= z + 2; k++)
      for (let j = y - 1; j <= y + 2; j++)
        for (let i = x - 1; i <= x + 2; i++)
          sum +=
            bump((p[0] ?? 0) - k) *
            bump((p[1] ?? 0) - j) *
            bump((p[2] ?? 0) - i) *
            (coefficients[voxelIndex([reflected(k, nz), reflected(j, ny), reflected(i, nx)], shape)] ?? 0);
    return sum;
  };
  return Float64Array.from(map, (_, index) => {
    const here = [Math.floor(index / (ny * nx)), Math.floor(index / nx) % ny, index % nx];
    let [sum, count] = [0, 0];
    for (let o = 0; o < operators.length; o += 12) {
      const p = [0, 1, 2].map((i) =>
        here.reduce((t, h, j) => t + h * (operators[o + 4 * i + j] ?? 0), operators[o + 4 * i + 3] ?? 0),
      );
      if (!p.every((v, i) => v >= -1e-6 && v <= (shape[i] ?? 0) - 1 + 1e-6)) continue;
      sum += at(p);
      count++;
    }
    return sum / count;
  });
}

describe('symmetrise', () => {
  const shape = [11, 12, 13] as const;
  const map = randomMap(11 * 12 * 13, 4);

  it.each([
    ['a turn about z, in the sections', turnAboutZ(360 / 7), [5, 6, 6]],
    ['a turn about a tilted axis', tilted, [5.3, 6.1, 5.8]],
  ])('is the mean over the images inside the box, for %s', async (_, turn, centre) => {
    const operators = [...eye, ...about(turn, centre)];
    const averaged = await symmetrise(map, shape, Float64Array.from(operators), { threads: 2 });
    expect(largestDifference(averaged, directAverage(map, shape, operators))).toBeLessThan(5e-6);
  });

  it('copies voxels exactly for a quarter turn, and leaves corners that have no image at their level', async () => {
    const cube = [8, 8, 8] as const;
    const values = randomMap(512, 9);
    const quarter = [[1, 0, 0], [0, 0, 1], [0, -1, 0]]; // prettier-ignore
    const averaged = await symmetrise(values, cube, Float64Array.from([...eye, ...about(quarter, [4, 4, 4])]));
    // About voxel 4, (y, x) goes to (x, 8 - y); the row y = 0 would go to 8, outside.
    expect(averaged[voxelIndex([2, 3, 6], cube)]).toBe(
      Math.fround(((values[voxelIndex([2, 3, 6], cube)] ?? 0) + (values[voxelIndex([2, 6, 5], cube)] ?? 0)) / 2),
    );
    expect(averaged[voxelIndex([2, 0, 3], cube)]).toBe(values[voxelIndex([2, 0, 3], cube)]);
  });

  it('gives the same bits for any number of threads', async () => {
    const operators = Float64Array.from([...eye, ...about(tilted, [5, 6, 6])]);
    const one = await symmetrise(map, shape, operators, { threads: 1 });
    expect(await symmetrise(map, shape, operators, { threads: 3 })).toEqual(one);
  });

  it('handles boxes of one and two voxels', async () => {
    const flat = Float32Array.of(1, 3);
    expect(await symmetrise(flat, [1, 1, 2], Float64Array.from(eye))).toEqual(flat);
    const coefficients = await splineCoefficients(flat, [1, 1, 2]);
    expect(largestDifference(coefficients, solveSpline([1, 3]))).toBeLessThan(1e-6);
  });

  it('stops when cancelled, and says how far it is', async () => {
    const n = 96;
    const controller = new AbortController();
    const operators = Float64Array.from([
      ...eye,
      ...Array.from({ length: 40 }, () => about(tilted, [48, 48, 48])).flat(),
    ]);
    const seen: number[] = [];
    const run = symmetrise(new Float32Array(n ** 3), [n, n, n], operators, {
      signal: controller.signal,
      onProgress: (fraction) => {
        seen.push(fraction);
        controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ kind: 'job.cancelled' });
    expect(seen[0]).toBeLessThan(1);
  });

  it.each([
    ['no operator', []],
    ['eleven numbers', eye.slice(1)],
    ['a number that is not finite', [...eye.slice(1), NaN]],
    ['another first operator', about(tilted, [0, 0, 0])],
  ])('refuses %s', async (_, operators) => {
    await expect(symmetrise(map, shape, Float64Array.from(operators))).rejects.toThrow(NativeError);
  });
});

describe('symmetryCorrelations', () => {
  it('is Pearson’s coefficient over the voxels whose image lies inside', async () => {
    const shape = [3, 4, 5] as const;
    const map = randomMap(60, 12);
    const voxels = Uint32Array.from(map.keys());
    const shifted = [...eye];
    shifted[11] = 2; // two voxels along x
    const coefficients = await splineCoefficients(map, shape);
    const [found] = await symmetryCorrelations({
      map,
      coefficients,
      shape,
      voxels,
      operators: Float64Array.from(shifted),
    });
    const pairs = [...voxels].filter((i) => i % 5 < 3).map((i) => [map[i] ?? 0, map[i + 2] ?? 0] as const);
    const mean = (which: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[which], 0) / pairs.length;
    const product = (p: 0 | 1, q: 0 | 1): number =>
      pairs.reduce((sum, pair) => sum + (pair[p] - mean(p)) * (pair[q] - mean(q)), 0);
    expect(found?.voxels).toBe(36);
    expect(found?.correlation).toBeCloseTo(product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1)), 5);
  });

  it('refuses voxels outside the map', async () => {
    const map = new Float32Array(8);
    const input = { map, coefficients: map, shape: [2, 2, 2] as const, operators: Float64Array.from(eye) };
    await expect(symmetryCorrelations({ ...input, voxels: Uint32Array.of(8) })).rejects.toThrow(NativeError);
  });
});
