import { describe, expect, it } from 'vitest';
import { contourLevel, contourSurface, type Shape } from '@locscale/native';
import { randomMap } from './helpers.js';

/** A map on a grid of `shape` voxels, from its value at each voxel (z, y, x). */
function drawn([nz, ny, nx]: Shape, value: (z: number, y: number, x: number) => number): Float32Array {
  const map = new Float32Array(nz * ny * nx);
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) map[(z * ny + y) * nx + x] = value(z, y, x);
  return map;
}

/** Centre off the voxels, so that no symmetry of the grid helps. */
const centre = (n: number): readonly [number, number, number] => [n / 2 - 0.37, n / 2 + 0.21, n / 2 - 0.5];

/** Area of an ellipsoid by numerical integration over its parameters (midpoint rule). */
function ellipsoidArea(a: number, b: number, c: number): number {
  const steps = 600;
  let area = 0;
  for (let i = 0; i < steps; i++) {
    const u = ((i + 0.5) * Math.PI) / steps;
    for (let j = 0; j < steps; j++) {
      const v = ((j + 0.5) * 2 * Math.PI) / steps;
      const normal = Math.hypot(
        b * c * Math.sin(u) ** 2 * Math.cos(v),
        a * c * Math.sin(u) ** 2 * Math.sin(v),
        a * b * Math.sin(u) * Math.cos(u),
      );
      area += normal * (Math.PI / steps) * ((2 * Math.PI) / steps);
    }
  }
  return area;
}

describe('the surface at a contour level', () => {
  it.each([
    [3, 0.03],
    [6, 0.008],
    [12, 0.002],
    [24, 0.0006],
  ])('of a Gaussian ball of radius %d voxels is that of the sphere within %d', async (radius, tolerance) => {
    const n = 2 * radius + 10;
    const [cz, cy, cx] = centre(n);
    const ball = drawn([n, n, n], (z, y, x) => Math.exp(-0.5 * (Math.hypot(z - cz, y - cy, x - cx) / radius) ** 2));
    const { area, regions, enclosed } = await contourSurface(ball, [n, n, n], [1.5, 1.5, 1.5], Math.exp(-0.5));
    expect(Math.abs(area / (4 * Math.PI * (1.5 * radius) ** 2) - 1)).toBeLessThan(tolerance);
    expect(regions).toBe(1);
    expect(enclosed / ((4 / 3) * Math.PI * radius ** 3)).toBeCloseTo(1, 1);
  });

  it('of an ellipsoid takes each axis with its own voxel size', async () => {
    const shape = [40, 50, 60] as const;
    const [a, b, c] = [17, 12, 9]; // Å along x, y, z
    const [sx, sy, sz] = [0.8, 0.7, 0.6];
    const map = drawn(shape, (z, y, x) =>
      Math.exp(-((((x - 29.6) * sx) / a) ** 2) - (((y - 24.8) * sy) / b) ** 2 - (((z - 19.7) * sz) / c) ** 2),
    );
    const { area } = await contourSurface(map, shape, [sx, sy, sz], Math.exp(-1));
    expect(Math.abs(area / ellipsoidArea(a, b, c) - 1)).toBeLessThan(0.002);
  });

  it('of a plane is exact, and has none along the faces of the box', async () => {
    const shape = [5, 6, 7] as const;
    // Slanted in z against x: 2 z + x = 6.3.
    const map = drawn(shape, (z, _, x) => 6.3 - 2 * z - x);
    const { area } = await contourSurface(map, shape, [1, 1, 1], 0);
    // For x from 0 to 6 the plane runs from z = 3.15 to 0.15, over 5 voxels in y.
    expect(area).toBeCloseTo(5 * Math.hypot(6, 3), 5);
    expect((await contourSurface(map, shape, [1, 1, 1], -100)).area).toBe(0);
  });

  it('counts pieces that share no corner', async () => {
    const shape = [6, 6, 6] as const;
    const on = new Set(['1,1,1', '2,2,2', '1,1,4', '1,2,4', '4,4,1', '4,1,4', '5,5,5', '4,4,4', '2,2,5']);
    const map = drawn(shape, (z, y, x) => (on.has(`${z},${y},${x}`) ? 1 : 0));
    // (1,1,1)-(2,2,2); (1,1,4)-(1,2,4)-(2,2,5); (4,4,1); (4,1,4); (5,5,5)-(4,4,4).
    expect(await contourSurface(map, shape, [1, 1, 1], 0.5)).toMatchObject({ regions: 5, enclosed: 9 });
  });

  it('counts the pieces of noise as a flood fill does', async () => {
    const shape = [20, 17, 23] as const;
    const map = randomMap(20 * 17 * 23, 4);
    for (const level of [-0.5, 0.2, 0.6, 0.8, 0.95]) {
      const found = await contourSurface(map, shape, [1, 1, 1], level);
      expect(found).toMatchObject({ regions: floodedRegions(map, shape, level) });
    }
  });

  it('is the same to the bit for any number of threads', async () => {
    const map = randomMap(40 ** 3, 8);
    const one = await contourSurface(map, [40, 40, 40], [1, 1, 1], 0.3, { threads: 1 });
    expect(await contourSurface(map, [40, 40, 40], [1, 1, 1], 0.3, { threads: 3 })).toEqual(one);
  });

  it('refuses an array of another box', () => {
    expect(() => contourSurface(new Float32Array(9), [2, 2, 2], [1, 1, 1], 0)).toThrow(/9 voxels, but 8/);
  });
});

describe('the contour level', () => {
  it('is the value that so many voxels reach', async () => {
    const map = randomMap(10_000, 3);
    const sorted = Float32Array.from(map).sort().reverse();
    for (const count of [1, 17, 5000, 10_000]) expect(await contourLevel(map, count)).toBe(sorted[count - 1]);
  });

  it('refuses more voxels than there are', async () => {
    await expect(contourLevel(new Float32Array(8), 9)).rejects.toThrow(/9 voxels.*has 8/);
  });
});

/** Pieces by filling each from its first voxel, all 26 neighbours. */
function floodedRegions(map: Float32Array, [nz, ny, nx]: Shape, level: number): number {
  const seen = new Uint8Array(map.length);
  let regions = 0;
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1 || (map[start] ?? 0) < level) continue;
    regions++;
    const waiting = [start];
    seen[start] = 1;
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
      for (let dz = -1; dz <= 1; dz++)
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const [a, b, c] = [z + dz, y + dy, x + dx];
            if (a < 0 || b < 0 || c < 0 || a >= nz || b >= ny || c >= nx) continue;
            const neighbour = (a * ny + b) * nx + c;
            if (seen[neighbour] === 1 || (map[neighbour] ?? 0) < level) continue;
            seen[neighbour] = 1;
            waiting.push(neighbour);
          }
    }
  }
  return regions;
}
