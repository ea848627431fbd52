import { type Grid, LocScaleError, type Warning } from '@chimerax-like/rpc';
import type { Atoms } from '@locscale/native';
import {
  boxCentre,
  countOutside,
  lengthOf,
  minus,
  mirrored,
  shifted,
  type Mirror,
  type Vector,
} from './atoms-moved.js';
import { bestShift, spectrumOf } from './best-shift.js';
import { type CoarseMap, coarseMap, maskedCorrelation } from './coarse.js';
import { headerShifts } from './header-shifts.js';

/** Below this a model does not describe the map (LocScale's limit); it is looked for elsewhere up to the second. */
const poorCorrelation = 0.3;
const goodCorrelation = 0.55;
/** Fewest atoms that are looked for elsewhere: a handful fits in many places of any map. */
const fewestToMove = 100;
/** By how much another place must be better to be spoken of. */
const clearlyBetter = 0.15;

export interface PlacementInput {
  readonly atoms: Atoms;
  /** What messages call the model. */
  readonly name: string;
  readonly map: Float32Array;
  readonly grid: Grid;
  /** Words of the map's header that often hold a shift: ORIGIN in Å and NSTART in voxels, both (x, y, z). */
  readonly originWords: Vector;
  readonly start: Vector;
}

/** A place where the model fits clearly better. */
export interface BetterPlace {
  /** `shift`: moved only; `hand`: its mirror image. */
  readonly kind: 'shift' | 'hand';
  /** What brings the model there, Å. */
  readonly shift: Vector;
  /** Where such a shift comes from, when it is known. */
  readonly cause: string | null;
  readonly correlation: number;
}

export interface Placement {
  /** Atoms outside the box, and their share. */
  readonly outside: { readonly count: number; readonly share: number };
  /** Correlation with the map inside the model's own mask (3 Å), at `resolution`. */
  readonly correlation: number;
  readonly resolution: number;
  readonly better: BetterPlace | null;
  readonly warnings: readonly Warning[];
}

/** How a map whose hand is wrong was turned round: along one axis, or through its centre. */
const mirrors: readonly Mirror[] = [
  [false, false, true],
  [true, false, false],
  [false, true, false],
  [true, true, true],
];

/**
 * Looks whether a model lies where the map is: atoms outside the box, correlation, and, when that is poor, whether another
 * origin or the mirror image would fit. Refuses a model that lies outside altogether.
 */
export async function placementOf(input: PlacementInput, signal: AbortSignal): Promise<Placement> {
  const { atoms, name, grid } = input;
  const count = countOutside(atoms, grid);
  const share = count / atoms.elements.length;
  const map = await coarseMap(input.map, grid, signal);
  const correlation = share === 1 ? 0 : await maskedCorrelation(atoms, map, signal);
  const searched = correlation < goodCorrelation && atoms.elements.length >= fewestToMove;
  const better = searched ? await betterPlace(input, map, correlation, signal) : null;
  if (share === 1) throw allOutside(name, better);
  const placement = { outside: { count, share }, correlation, resolution: map.resolution, better };
  return { ...placement, warnings: sentences(name, placement, atoms.elements.length) };
}

async function betterPlace(
  input: PlacementInput,
  map: CoarseMap,
  correlation: number,
  signal: AbortSignal,
): Promise<BetterPlace | null> {
  const { atoms } = input;
  const wanted = Math.max(poorCorrelation, correlation + clearlyBetter);
  const spectrum = await spectrumOf(map, signal);
  const found = await bestShift(atoms, map, spectrum, signal);
  const known = headerShifts(input).find(
    ({ shift }) => lengthOf(minus(shift, found)) <= 1.5 * Math.max(...map.grid.voxelSize),
  );
  const shift = known?.shift ?? found;
  const cause = known?.cause ?? null;
  const places: BetterPlace[] = [
    { kind: 'shift', shift, cause, correlation: await maskedCorrelation(shifted(atoms, shift), map, signal) },
  ];
  if ((places[0]?.correlation ?? 0) < goodCorrelation)
    for (const mirror of mirrors) {
      const image = mirrored(atoms, mirror, boxCentre(map.grid));
      const to = await bestShift(image, map, spectrum, signal);
      const fit = await maskedCorrelation(shifted(image, to), map, signal);
      places.push({ kind: 'hand', shift: to, cause: null, correlation: fit });
    }
  const best = places.reduce((a, b) =>
    b.correlation > a.correlation + (a.kind === b.kind ? 0 : clearlyBetter) ? b : a,
  );
  return best.correlation >= wanted ? best : null;
}

const rounded = (vector: Vector): string => vector.map((value) => value.toFixed(1)).join(', ');

function adviceFor(better: BetterPlace): string {
  const fit = `there the correlation is ${better.correlation.toFixed(2)}`;
  if (better.kind === 'hand')
    return `its mirror image fits better (${fit}), so the hand of map and model differ; invert the hand of the map`;
  const cause = better.cause === null ? '' : `, ${better.cause}`;
  return `moved by (${rounded(better.shift)}) Å in (x, y, z)${cause} it fits (${fit}); move the model so, or correct the map's origin`;
}

function allOutside(name: string, better: BetterPlace | null): LocScaleError {
  const advice = better === null ? 'check that map and model belong together' : adviceFor(better);
  return new LocScaleError(
    'input.mismatch',
    `${name}: every atom lies outside the box of the map, but the model must lie in it; ${advice}.`,
    { better },
  );
}

function sentences(
  name: string,
  { outside, correlation, resolution, better }: Omit<Placement, 'warnings'>,
  atoms: number,
): readonly Warning[] {
  const warnings: Warning[] = [];
  if (outside.count > 0) {
    const share = (100 * outside.share).toPrecision(2);
    const message = `${name}: ${outside.count} of ${atoms} atoms (${share} %) lie outside the box of the map and do not count.`;
    warnings.push({ kind: 'placement.outside', message });
  }
  const seen = `the correlation of model and map inside the model's mask is ${correlation.toFixed(2)} at ${resolution.toFixed(1)} Å`;
  if (better !== null)
    warnings.push({ kind: `placement.${better.kind}`, message: `${name}: ${seen}; ${adviceFor(better)}.` });
  else if (correlation < poorCorrelation)
    warnings.push({
      kind: 'placement.correlation',
      message: `${name}: ${seen}, expected at least ${poorCorrelation}; check that map and model belong together.`,
    });
  return warnings;
}
