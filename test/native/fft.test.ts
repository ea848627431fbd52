import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { fft3, inverseFft3, type Shape } from '@locscale/native';
import { largestDifference, randomMap } from './helpers.js';

/** One-dimensional real transform of fftw-js: FFTW 3.3.4 translated to JavaScript, an independent build and age. */
interface FftwJs {
  readonly FFT: new (size: number) => { forward(real: Float32Array): Float32Array; dispose(): void };
}
const fftwJs = createRequire(import.meta.url)('fftw-js') as FftwJs;

/** F(k) straight from the definition, one coefficient. */
function coefficient(map: Float32Array, [nz, ny, nx]: Shape, [kz, ky, kx]: readonly [number, number, number]) {
  let re = 0;
  let im = 0;
  let i = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const phase = -2 * Math.PI * ((kz * z) / nz + (ky * y) / ny + (kx * x) / nx);
        const value = map[i++] ?? NaN;
        re += value * Math.cos(phase);
        im += value * Math.sin(phase);
      }
    }
  }
  return [re, im];
}

const shapes: readonly Shape[] = [
  [8, 8, 8],
  [7, 9, 11],
  [6, 10, 15],
  [1, 5, 4],
  [13, 1, 1],
  [16, 18, 20],
];

describe('fft3', () => {
  it.each(shapes)('equals the definition, box %i × %i × %i', async (...shape) => {
    const [nz, ny, nx] = shape;
    const map = randomMap(nz * ny * nx, 7);
    const columns = Math.floor(nx / 2) + 1;
    const double = await fft3(Float64Array.from(map), shape);
    const single = await fft3(map, shape);
    expect(double).toHaveLength(2 * nz * ny * columns);
    for (let k = 0; k < nz * ny * columns; k += 3) {
      const indices = [Math.floor(k / (ny * columns)), Math.floor(k / columns) % ny, k % columns] as const;
      const expected = coefficient(map, shape, indices);
      expect(largestDifference(double.slice(2 * k, 2 * k + 2), expected)).toBeLessThan(1e-11);
      expect(largestDifference(single.slice(2 * k, 2 * k + 2), expected)).toBeLessThan(2e-5);
    }
  });

  it.each(shapes)('comes back through the inverse, box %i × %i × %i', async (...shape) => {
    const map = randomMap(shape[0] * shape[1] * shape[2], 8);
    const wide = Float64Array.from(map);
    const back = await inverseFft3(await fft3(wide, shape), shape);
    expect(back).toBeInstanceOf(Float64Array);
    expect(largestDifference(back, wide)).toBeLessThan(1e-14);
    const narrow = await inverseFft3(await fft3(map, shape), shape);
    expect(narrow).toBeInstanceOf(Float32Array);
    expect(largestDifference(narrow, map)).toBeLessThan(1e-6);
  });

  it('leaves its input alone, also the inverse', async () => {
    const map = randomMap(512, 9);
    const before = map.slice();
    const spectrum = await fft3(map, [8, 8, 8]);
    expect(map).toEqual(before);
    const spectrumBefore = spectrum.slice();
    await inverseFft3(spectrum, [8, 8, 8]);
    expect(spectrum).toEqual(spectrumBefore);
  });

  it('gives the same bits for any number of threads', async () => {
    const shape: Shape = [20, 21, 22];
    const map = randomMap(20 * 21 * 22, 10);
    expect(await fft3(map, shape, { threads: 3 })).toEqual(await fft3(map, shape, { threads: 1 }));
  });

  it('agrees with another build of FFTW along each axis (fftw-js, even length)', async () => {
    const n = 16;
    const line = randomMap(n, 11);
    const transform = new fftwJs.FFT(n);
    const expected = transform.forward(line).slice();
    transform.dispose();
    const alongX = await fft3(line, [1, 1, n]);
    expect(largestDifference(alongX, expected)).toBeLessThan(1e-5);
    for (const shape of [[n, 1, 1] as const, [1, n, 1] as const]) {
      const spectrum = await fft3(line, shape);
      expect(largestDifference(spectrum.slice(0, expected.length), expected)).toBeLessThan(1e-5);
    }
  });

  it('agrees with fftw-js on a box built from three lines', async () => {
    // The transform of a(z) b(y) c(x) is the product of the lines' transforms.
    const n = 8;
    const transform = new fftwJs.FFT(n);
    const lines = [12, 13, 14].map((seed) => randomMap(n, seed));
    const [fz, fy, fx] = lines.map((line) => transform.forward(line).slice());
    transform.dispose();
    const at = (f: Float32Array | undefined, k: number): readonly [number, number] => {
      const stored = k <= n / 2 ? k : n - k;
      return [f?.[2 * stored] ?? NaN, (f?.[2 * stored + 1] ?? NaN) * (k <= n / 2 ? 1 : -1)];
    };
    const times = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) =>
      [a * c - b * d, a * d + b * c] as const;
    const map = Float32Array.from({ length: n ** 3 }, (_, i) => {
      const [a, b, c] = lines;
      return (a?.[Math.floor(i / n ** 2)] ?? NaN) * (b?.[Math.floor(i / n) % n] ?? NaN) * (c?.[i % n] ?? NaN);
    });
    const spectrum = await fft3(map, [n, n, n]);
    const expected: number[] = [];
    for (let z = 0; z < n; z++) {
      for (let y = 0; y < n; y++) {
        for (let x = 0; x <= n / 2; x++) expected.push(...times(times(at(fz, z), at(fy, y)), at(fx, x)));
      }
    }
    expect(largestDifference(spectrum, expected)).toBeLessThan(2e-5);
  });

  it('refuses a shape that is not a box, and an array of another length', async () => {
    await expect(fft3(new Float32Array(8), [2, 2, 0])).rejects.toMatchObject({ kind: 'input.parameter' });
    await expect(fft3(new Float32Array(8), [2, 2, 2.5])).rejects.toMatchObject({ kind: 'input.parameter' });
    await expect(fft3(new Float32Array(9), [2, 2, 2])).rejects.toThrow(/holds 9 voxels, but 8/);
    await expect(inverseFft3(new Float32Array(8), [2, 2, 2])).rejects.toThrow(/holds 8 numbers, but 16/);
  });
});
