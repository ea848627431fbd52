import type { SpaceOperator } from './operators.js';
import { product, rotationAbout, type Rotation } from './rotations.js';

/** Multiples of the golden angle come close to no turn of a small order. */
const goldenAngle = 137.50776;
const turns = Array.from({ length: 8 }, (_, k) => rotationAbout([0, 0, 1], (k + 1) * goldenAngle));
const flip = rotationAbout([1, 0, 0], 180);
const flips = turns.map((turn) => product(turn, flip));
/** Rotations about axes in all directions. */
const tumbles = turns.map((turn, k) => product(turn, rotationAbout([Math.cos(k), Math.sin(k), 0.5], 40 + 15 * k)));

const unshifted = (rotations: readonly Rotation[]): readonly SpaceOperator[] =>
  rotations.map((rotation) => ({ rotation, rise: 0 }));

/**
 * Rotations that belong to no group but keep the same round shape: about z for operators about z, 2-folds across z where
 * the operators have them, any rotations for T, O and I.
 */
export function baselineOperators(operators: readonly SpaceOperator[]): readonly SpaceOperator[] {
  const alongZ = ({ rotation }: SpaceOperator): number => rotation[2][2];
  if (operators.some((operator) => Math.abs(alongZ(operator)) < 0.999)) return unshifted(tumbles);
  return unshifted(operators.some((operator) => alongZ(operator) < 0) ? [...turns, ...flips] : turns);
}
