import { expect, it } from 'vitest';
import type { Refined } from './types.js';
import { refinementWarnings } from './warnings.js';

/** Two shells: one at 8 Å, and a thousand times as many coefficients at 3 Å. */
const result = (near: number, far: number, change: Partial<Refined> = {}): Refined => ({
  engine: 'built-in',
  program: '',
  bFactors: Float32Array.of(20, 60),
  refined: Uint8Array.of(1, 1),
  resolution: 3,
  restraintWeight: 0.5,
  fscBefore: 0,
  fsc: far,
  halfMaps: null,
  trials: [],
  cycles: [],
  shells: {
    frequency: Float64Array.of(1 / 8, 1 / 3),
    count: Float64Array.of(100, 100_000),
    fscBefore: Float64Array.of(0, 0),
    fsc: Float64Array.of(near, far),
    scale: Float64Array.of(1, 1),
    variance: Float64Array.of(1, 1),
  },
  outside: 0,
  atBounds: 0,
  ...change,
});
const kinds = (refined: Refined): readonly string[] => refinementWarnings(refined, 'm.cif').map(({ kind }) => kind);

it('noise beyond the data is no poor fit, but a model that nothing fits is', () => {
  expect(kinds(result(0.8, 0.01))).toEqual([]);
  expect(kinds(result(0.05, 0.01))).toEqual(['refinement.poor-fit']);
  expect(refinementWarnings(result(0.05, 0.01), 'm.cif')[0]?.message).toBe(
    'm.cif: the FSC of model and map is 0.050 on average between 12 and 6 Å, below 0.2, so the B-factors mean little; look whether the model lies in the map.',
  );
});

it('an engine that tells one number is judged by it', () => {
  expect(kinds(result(0, 0.19, { shells: null }))).toEqual(['refinement.poor-fit']);
  expect(kinds(result(0, 0.21, { shells: null }))).toEqual([]);
});

it('a small range, atoms at their bounds and no gain are each told', () => {
  expect(kinds(result(0.8, 0.5, { bFactors: Float32Array.of(20, 29.9) }))).toEqual(['refinement.range']);
  expect(kinds(result(0.8, 0.5, { atBounds: 1 }))).toEqual(['refinement.bounds']);
  const halfMaps = { before: { work: 0.4, free: 0.4 }, after: { work: 0.5, free: 0.39 } };
  expect(kinds(result(0.8, 0.5, { halfMaps }))).toEqual(['refinement.no-gain']);
});
