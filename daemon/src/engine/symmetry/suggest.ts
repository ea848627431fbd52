import { checkSymmetry, type SymmetryCheck } from './check.js';
import { type Centre, middleVoxel, type SpaceOperator } from './operators.js';
import { fixedGroupNames, parsePointGroup } from './point-group.js';
import { climb } from './refine.js';
import { rotationAbout } from './rotations.js';
import { correlationsOf, type Sample } from './sample.js';

/** What `symmetry-check` finds out. */
export interface Suggestion {
  /** Every candidate at its best centre, those that explain most first. */
  readonly candidates: readonly SymmetryCheck[];
  /** The largest group that holds; C1 when none does. */
  readonly best: SymmetryCheck;
  /** Angle of a 2-fold axis from x towards y when the best group is Dn, degrees. */
  readonly twoFold: number | null;
}

const greatestFold = 24;
/** Starting points that are followed up by moving the centre: those with the greatest correlations. */
const followed = 4;
/** Operators that are looked at while the centre moves. */
const climbOperators = 6;
const centreSteps = (z: 0 | 1): readonly (readonly number[])[] => [2, 1, 0.5, 0.2, 0.1].map((s) => [z * s, s, s]);

const operatorsOf = (name: string, twoFold = 0): readonly SpaceOperator[] =>
  parsePointGroup(name, twoFold).rotations.map((rotation) => ({ rotation, rise: 0 }));

type Found = SymmetryCheck & { readonly order: number };

/** Tries the groups whose axes lie where programs put them, each about several centres, and moves the centre to the best. */
export async function suggestSymmetry(sample: Sample, signal: AbortSignal): Promise<Suggestion> {
  const centres = startingCentres(sample);
  const lowest = async (name: string, centre: Centre): Promise<number> => {
    const all = operatorsOf(name).slice(1);
    const step = Math.max(1, Math.floor(all.length / climbOperators));
    const some = all.filter((_, i) => i % step === 0);
    return Math.min(...(await correlationsOf(sample, some, centre, signal)));
  };
  const atBestCentre = async (name: string): Promise<Found> => {
    const operators = operatorsOf(name);
    const found: SymmetryCheck[] = [];
    for (const centre of centres) found.push(await checkSymmetry(sample, name, operators, centre, signal));
    return { ...found.reduce((a, b) => (b.specific > a.specific ? b : a)), order: operators.length };
  };
  const follow = async (found: Found, z: 0 | 1): Promise<Found> => {
    const { at } = await climb<Centre>(found.centre, centreSteps(z), (centre) => lowest(found.symmetry, centre));
    return {
      ...(await checkSymmetry(sample, found.symmetry, operatorsOf(found.symmetry), at, signal)),
      order: found.order,
    };
  };

  const cyclic: Found[] = [];
  for (let fold = 2; fold <= greatestFold; fold++) {
    cyclic.push(await atBestCentre(`C${fold}`));
  }
  const moved = await followBest(cyclic, (found) => follow(found, 0));
  const polyhedral: Found[] = [];
  for (const name of fixedGroupNames) polyhedral.push(await atBestCentre(name));
  const movedPolyhedral = await followBest(polyhedral, (found) => follow(found, 1));

  const axis = largest(moved);
  const dihedral = axis === null ? null : await findTwoFold(sample, axis, signal);
  const all = [...moved, ...movedPolyhedral, ...(dihedral === null ? [] : [dihedral.found])];
  const candidates = [...all].sort((a, b) => b.specific - a.specific);
  const none = await checkSymmetry(sample, 'C1', operatorsOf('C1'), middleVoxel(sample.grid.shape), signal);
  const best = largest(all) ?? none;
  return { candidates, best, twoFold: best === dihedral?.found ? dihedral.angle : null };
}

/** Where maps have their centre: RELION's, that of programs that count from the corner, and where the density is. */
function startingCentres({ grid, centreOfMass }: Sample): readonly Centre[] {
  const half = grid.shape.map((n) => (n - 1) / 2) as unknown as Centre;
  return [middleVoxel(grid.shape), half, centreOfMass];
}

/** Moves the centres of the few that look best; a wrong centre costs a true symmetry much of its correlation. */
async function followBest(
  found: readonly Found[],
  follow: (found: Found) => Promise<Found>,
): Promise<readonly Found[]> {
  const chosen = [...found].sort((a, b) => b.specific - a.specific).slice(0, followed);
  const result: Found[] = [];
  for (const each of found) result.push(chosen.includes(each) ? await follow(each) : each);
  return result;
}

const largest = (found: readonly Found[]): Found | null =>
  found.filter(({ holds }) => holds).reduce<Found | null>((a, b) => (a === null || b.order > a.order ? b : a), null);

/** Looks for a 2-fold across the axis of a cyclic group: its direction and its height are both unknown. */
async function findTwoFold(
  sample: Sample,
  axis: Found,
  signal: AbortSignal,
): Promise<{ readonly found: Found; readonly angle: number }> {
  const fold = axis.order;
  const [, y, x] = axis.centre;
  const value = async ([angle, z]: readonly [number, number]): Promise<number> => {
    const radians = (angle * Math.PI) / 180;
    const rotation = rotationAbout([Math.cos(radians), Math.sin(radians), 0], 180);
    const [correlation] = await correlationsOf(sample, [{ rotation, rise: 0 }], [z, y, x], signal);
    return correlation ?? 0;
  };
  const middles = startingCentres(sample).map(([z]) => z);
  const lowest = Math.min(...middles) - 2;
  const heights = Array.from({ length: Math.ceil(Math.max(...middles) + 2 - lowest) + 1 }, (_, i) => lowest + i);
  const angles = Array.from({ length: Math.ceil(180 / fold / 2) }, (_, i) => 2 * i); // 2-folds repeat every 180°/n
  const grid = heights.flatMap((z) => angles.map((angle) => [angle, z] as const));
  let start = { at: grid[0] as readonly [number, number], value: -1 };
  for (const at of grid) {
    const found = await value(at);
    if (found > start.value) start = { at, value: found };
  }
  const steps = [1, 0.5, 0.2, 0.1].map((s) => [s, s]);
  const { at } = await climb<readonly [number, number]>(start.at, steps, value);
  const angle = settled(at[0], 180 / fold);
  const name = `D${fold}`;
  const found = await checkSymmetry(
    sample,
    parsePointGroup(name, angle).name,
    operatorsOf(name, angle),
    [at[1], y, x],
    signal,
  );
  return { found: { ...found, order: 2 * fold }, angle };
}

/** The angle within one period; whole tenths of a degree, and 0 when it is as good as 0. */
function settled(angle: number, period: number): number {
  const within = ((angle % period) + period) % period;
  const rounded = Math.round(within * 10) / 10;
  return rounded < 0.15 || period - rounded < 0.15 ? 0 : rounded;
}
