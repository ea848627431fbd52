import { describe, expect, it } from 'vitest';
import { pythonWith, unittest } from './python.js';

const withNumpy = pythonWith('numpy', 'scipy');
const withTorch = pythonWith('numpy', 'scipy', 'torch');

/** Runs the tests of one Python file; a test in it that skips itself is a fault here. */
function expectPassed(program: string | null, file: string): void {
  const { status, said } = unittest(program ?? '', file);
  expect(status, said).toBe(0);
  expect(said).toMatch(/Ran [1-9]\d* tests?/u);
  expect(said).not.toContain('skipped');
}

describe.skipIf(withNumpy === null)('simulation (needs python3-numpy and python3-scipy)', () => {
  it('makes maps with the density, blur, noise and belts asked for', () => {
    expectPassed(withNumpy, 'test_simulate');
  });
});

describe.skipIf(withTorch === null)('training of emmernet-sim (needs python3-torch)', () => {
  it('goes on where it stopped, and its uncertainty and calibrator are right', () => {
    expectPassed(withTorch, 'test_emmernet_sim');
  });
});

describe.skipIf(withTorch === null)('training of surfer-sim (needs python3-torch)', () => {
  it('simulates belts, cuts cubes with their labels, and knows a good segmentation', () => {
    expectPassed(withTorch, 'test_surfer_sim');
    expectPassed(withTorch, 'test_surfer_network');
  });
});
