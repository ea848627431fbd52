import { LocScaleError } from '@chimerax-like/rpc';
import { baselineOperators } from './baseline.js';
import type { Centre, SpaceOperator } from './operators.js';
import { correlationsOf, type Sample } from './sample.js';

/**
 * A symmetry holds when its worst operator explains at least this share of what the round shape leaves (`specific`). True ones
 * reach 0.7 to 1.0 on real maps and 0.4 with as much noise as density; wrong ones stay at 0.1 and below (docs/symmetry.md).
 */
export const holdsFrom = 0.3;

export interface SymmetryCheck {
  readonly symmetry: string;
  readonly centre: Centre;
  /** Correlation under each operator but the identity; those of a helix that take the molecule out of the box are left out. */
  readonly correlations: readonly number[];
  readonly lowest: number;
  readonly mean: number;
  /** Mean correlation under rotations that are no operators: what the round shape of the molecule gives by itself. */
  readonly baseline: number;
  /** Share of what the round shape leaves that the worst operator explains: (lowest - baseline) / (1 - baseline). */
  readonly specific: number;
  readonly holds: boolean;
}

/** Correlates the map with itself under every operator but the identity, which stands first. */
export async function checkSymmetry(
  sample: Sample,
  symmetry: string,
  operators: readonly SpaceOperator[],
  centre: Centre,
  signal: AbortSignal,
): Promise<SymmetryCheck> {
  const others = operators.slice(1);
  const all = others.length === 0 ? [] : await correlationsOf(sample, others, centre, signal);
  const correlations = all.filter((correlation) => !Number.isNaN(correlation));
  // C1 holds in every map; operators of which none could be compared do not hold.
  const without = others.length === 0 ? 1 : 0;
  const lowest = correlations.length === 0 ? without : Math.min(...correlations);
  const mean =
    correlations.length === 0 ? without : correlations.reduce((sum, each) => sum + each, 0) / correlations.length;
  const baseline = others.length === 0 ? 0 : await baselineOf(sample, operators, centre, signal);
  const specific = baseline < 1 ? (lowest - baseline) / (1 - baseline) : 0;
  return { symmetry, centre, correlations, lowest, mean, baseline, specific, holds: specific >= holdsFrom };
}

async function baselineOf(
  sample: Sample,
  operators: readonly SpaceOperator[],
  centre: Centre,
  signal: AbortSignal,
): Promise<number> {
  const found = await correlationsOf(sample, baselineOperators(operators), centre, signal);
  return Math.max(0, found.reduce((sum, each) => sum + each, 0) / found.length);
}

const two = (n: number): string => n.toFixed(2);
export const showCentre = (centre: Centre): string => centre.map((n) => String(Number(n.toFixed(2)))).join(',');

/** The refusal of a symmetry that the map does not have. */
export function refusal({
  symmetry,
  centre,
  lowest,
  mean,
  baseline,
  specific,
  correlations,
}: SymmetryCheck): LocScaleError {
  return new LocScaleError(
    'input.voxels',
    `The map does not have the symmetry ${symmetry} about voxel (${showCentre(centre)}): it correlates with itself by ${two(lowest)} at worst and ${two(mean)} on average under the operators, and by ${two(baseline)} under other rotations, which leaves ${two(specific)} to the symmetry, expected at least ${two(holdsFrom)}; find group, axis and centre with \`locscale symmetry-check\`, or force it.`,
    { symmetry, centre, lowest, mean, baseline, specific, correlations, threshold: holdsFrom },
  );
}
