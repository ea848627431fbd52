import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Calibrator } from '../../networks/index.js';
import type { StepContext } from '../context.js';
import { confidenceScore } from '../steps/confidence-score.js';
import { calibrate, standardError } from './calibrate.js';
import { chimeraxScript } from './chimerax-script.js';
import { sdWithin, withinSd } from './normal.js';

const emmernet = JSON.parse(
  readFileSync(new URL('../../../data/networks/emmernet-calibrator.json', import.meta.url), 'utf8'),
) as Calibrator;
const context: StepContext = {
  signal: new AbortController().signal,
  report: () => undefined,
  warn: () => undefined,
  slab: () => undefined,
  pieces: { get: () => Promise.resolve(undefined), put: () => Promise.resolve() },
};

describe('the normal distribution', () => {
  // Handbook values of erf(z / sqrt 2).
  it.each([
    [0, 0],
    [0.5, 0.382924922548026],
    [1, 0.682689492137086],
    [1.96, 0.950004209703559],
    [2.58, 0.990120029258612],
    [4, 0.999936657516334],
  ])('holds within %d what it should', (z, p) => {
    expect(Math.abs(withinSd(z) - p)).toBeLessThan(1e-6);
    expect(Math.abs(withinSd(-z) - p)).toBeLessThan(1e-6);
    if (z < 4) expect(Math.abs(sdWithin(p) - z)).toBeLessThan(1e-4);
  });
});

describe('the calibrator of EMmerNet', () => {
  // Values of scikit-learn's isotonic regression with LocScale's file.
  it.each([
    [0, 0.00380932],
    [1e-4, 0.00387646],
    [1e-3, 0.0209679],
    [5e-3, 0.0209679],
    [1e-2, 0.0336274],
    [2e-2, 0.0508955],
    [5e-2, 0.0994064],
    [1, 0.15568073],
  ])('makes of %d what scikit-learn makes', (error, expected) => {
    expect(Math.abs(calibrate(emmernet, error) - expected)).toBeLessThan(1e-7);
  });

  it('gets the standard error of its own number of passes', () => {
    expect(standardError(0.15, 15, emmernet)).toBeCloseTo(0.1, 12);
    // 5 passes: the population variance has 4/5 of the true one, that of 15 passes 14/15.
    expect(standardError(0.15, 5, emmernet)).toBeCloseTo(0.1 * Math.sqrt(((5 / 4) * 14) / 15), 12);
  });
});

describe('pVDDT', () => {
  const calibrator: Calibrator = { kind: 'isotonic', samples: 15, x: [0, 1], y: [0.1, 0.1] };

  it('is 200 Φ(z) - 100, with the sign of what the network has added', async () => {
    const enhanced = Float32Array.of(1, 1.1, 0.8, 0, 0.3);
    const baseline = Float32Array.of(1, 1, 1, 0, 0);
    const input = { enhanced, baseline, variance: new Float32Array(5), mask: Uint8Array.of(1, 1, 1, 0, 0) };
    const { pvddt, levels, voxels } = await confidenceScore.run({ ...input, passes: 15, calibrator }, context);
    [0, 68.26895, -95.44997, 0, 99.73002].forEach((score, i) => expect(pvddt[i]).toBeCloseTo(score, 3));
    expect(voxels).toBe(3);
    // |z| of 0, 1 and 2: two of three within 1.04, all within 2.58.
    expect(levels.map(({ observed }) => observed)).toEqual([2 / 3, 2 / 3, 2 / 3, 2 / 3, 1]);
    expect(levels.map(({ nominal }) => nominal)).toEqual([0.7, 0.8, 0.9, 0.95, 0.99]);
  });
});

it('the script for ChimeraX names the maps of its folder', () => {
  const script = chimeraxScript({ enhanced: '/a/b c.mrc', baseline: '/a/d.mrc', pvddt: '/a/e.mrc', level: 0.12 });
  expect(script.split('\n').slice(0, 4)).toEqual([
    'open "b c.mrc"',
    'open "d.mrc"',
    'open "e.mrc"',
    'volume #1 level 0.12',
  ]);
  expect(script).toContain('color sample #1 map #3 palette -95,#0000ff:-80,#00ffff:0,#00ff00:80,#ffff00:95,#ff0000');
  expect(chimeraxScript({ enhanced: 'a', baseline: 'b', pvddt: null, level: 1 })).not.toContain('#3');
});
