import { largestSmoothing, subtractContext, type SubtractContextInput } from '@locscale/native';
import { describe, expect, it } from 'vitest';

type Shape = readonly [number, number, number];

/** Repeatable numbers from 0 to 1. */
function randoms(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  });
}

const size = ([z, y, x]: Shape): number => z * y * x;

/** Components by flooding, largest first, of equal ones the one that begins first. */
function flooded(map: Float32Array, [nz, ny, nx]: Shape, threshold: number): number[][] {
  const seen = new Uint8Array(map.length);
  const pieces: number[][] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1 || !((map[start] as number) >= threshold)) continue;
    seen[start] = 1;
    const piece = [start];
    for (const at of piece) {
      const [z, y, x] = [Math.floor(at / (ny * nx)), Math.floor(at / nx) % ny, at % nx];
      const next = [
        ...(z > 0 ? [at - ny * nx] : []),
        ...(z < nz - 1 ? [at + ny * nx] : []),
        ...(y > 0 ? [at - nx] : []),
        ...(y < ny - 1 ? [at + nx] : []),
        ...(x > 0 ? [at - 1] : []),
        ...(x < nx - 1 ? [at + 1] : []),
      ];
      for (const other of next)
        if (seen[other] === 0 && (map[other] as number) >= threshold) {
          seen[other] = 1;
          piece.push(other);
        }
    }
    pieces.push(piece);
  }
  return pieces.sort((a, b) => b.length - a.length);
}

/** The mean over a window on each axis, mirrored at the faces: the definition of SciPy's `uniform_filter`, mode "reflect". */
function averaged(mask: Float64Array, shape: Shape, s: number): Float64Array {
  const mirror = (i: number, n: number): number => {
    const at = ((i % (2 * n)) + 2 * n) % (2 * n);
    return at < n ? at : 2 * n - 1 - at;
  };
  const strides = [shape[1] * shape[2], shape[2], 1];
  let values = mask;
  for (const axis of [0, 1, 2] as const) {
    const [n, stride] = [shape[axis], strides[axis] as number];
    values = values.map((_, at) => {
      const place = Math.floor(at / stride) % n;
      let sum = 0;
      for (let o = -Math.floor(s / 2); o < s - Math.floor(s / 2); o++)
        sum += values[at + (mirror(place + o, n) - place) * stride] as number;
      return sum / s;
    });
  }
  return values;
}

const input = (shape: Shape, threshold: number, more: Partial<SubtractContextInput>): SubtractContextInput => ({
  probability: randoms(size(shape), size(shape)),
  target: randoms(size(shape), 7).map((value) => value - 0.3),
  shape,
  threshold,
  smoothing: 5,
  largest: true,
  inverse: false,
  ...more,
});

const shapes: readonly Shape[] = [
  [1, 1, 1],
  [1, 6, 9],
  [7, 1, 5],
  [9, 10, 11],
  [17, 12, 20],
];

describe('context taken out of a map', () => {
  it.each(shapes)('of %i x %i x %i voxels is what flooding and averaging give', async (...shape) => {
    for (const smoothing of [1, 2, 3, 4, 5, 8, largestSmoothing])
      for (const [largest, inverse, threshold] of [
        [true, false, 0.6],
        [true, true, 0.75],
        [false, false, 0.9],
        [false, true, 0.3],
      ] as const) {
        const given = input(shape, threshold, { smoothing, largest, inverse });
        const { cleaned, mask, components, contextVoxels } = await subtractContext(given, {
          withMask: true,
          threads: 2,
        });
        const pieces = flooded(given.probability, shape, threshold);
        expect([...components]).toEqual(pieces.map((piece) => piece.length));
        const chosen = pieces.slice(0, largest ? 1 : pieces.length).flat();
        expect(contextVoxels).toBe(chosen.length);
        const binary = new Float64Array(size(shape));
        for (const at of chosen) binary[at] = 1;
        const smooth = averaged(binary, shape, smoothing);
        for (const [at, expected] of smooth.entries()) {
          expect(Math.abs((mask[at] as number) - expected)).toBeLessThan(1e-6);
          const kept = (given.target[at] as number) * (inverse ? expected : 1 - expected);
          expect(Math.abs((cleaned[at] as number) - kept)).toBeLessThan(1e-6);
        }
      }
  });

  it('is the same to the bit for any number of threads', async () => {
    const given = input([40, 33, 50], 0.7, { largest: false });
    const one = await subtractContext(given, { threads: 1 });
    for (const threads of [2, 3, 7]) {
      const other = await subtractContext(given, { threads });
      expect(other.cleaned).toEqual(one.cleaned);
      expect(other.components).toEqual(one.components);
    }
  });

  it('takes what lies at the threshold, and never what is not a number', async () => {
    const probability = Float32Array.of(0.5, 0.49999, NaN, 0.5);
    const given = { probability, target: new Float32Array(4).fill(2), shape: [1, 1, 4] as const, threshold: 0.5 };
    const { cleaned, components } = await subtractContext({ ...given, smoothing: 1, largest: false, inverse: false });
    expect([...cleaned]).toEqual([0, 2, 2, 0]);
    expect([...components]).toEqual([1, 1]);
  });

  it('leaves the map as it is where nothing reaches the threshold, and beyond the reach of the mask', async () => {
    const shape = [12, 12, 12] as const;
    const given = input(shape, 2, {});
    expect((await subtractContext(given)).cleaned).toEqual(given.target);
    expect((await subtractContext({ ...given, inverse: true })).cleaned).toEqual(new Float32Array(size(shape)));
    const probability = new Float32Array(size(shape));
    probability[0] = 1;
    const { cleaned } = await subtractContext({ ...given, probability, threshold: 0.5 });
    const far = cleaned.filter((_, at) => at % 12 > 2 || Math.floor(at / 12) % 12 > 2 || at >= 3 * 144);
    expect(far).toEqual(given.target.filter((_, at) => at % 12 > 2 || Math.floor(at / 12) % 12 > 2 || at >= 3 * 144));
    expect(cleaned[0]).not.toBe(given.target[0]);
  });

  it('has an effect of its smoothing', async () => {
    const given = input([20, 20, 20], 0.6, {});
    const results = await Promise.all([1, 3, 5, 9].map((smoothing) => subtractContext({ ...given, smoothing })));
    const sums = results.map(({ cleaned }) => cleaned.reduce((sum, value) => sum + value * value, 0));
    expect(new Set(sums).size).toBe(4);
  });

  it('refuses settings that make no sense', async () => {
    const given = input([2, 2, 2], 0.5, {});
    await expect(subtractContext({ ...given, smoothing: 0 })).rejects.toThrow('The smoothing is 0 voxels; give');
    await expect(subtractContext({ ...given, smoothing: 2.5 })).rejects.toThrow('The smoothing is 2.5 voxels; give');
    await expect(subtractContext({ ...given, threshold: NaN })).rejects.toThrow('The threshold is NaN; give');
    await expect(subtractContext({ ...given, target: new Float32Array(7) })).rejects.toThrow('The target');
  });
});
