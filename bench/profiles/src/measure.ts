import { scaleWindows, type ProfileKind, type ScalingForm } from '@locscale/native';
import type { Experiment } from './experiment.js';
import { type Closeness, judge, quantile, relativeDifference } from './judge.js';
import { type Turn, turned, turnNames } from './turns.js';

/** Where target profiles come from: the imperfect model, the truth itself, or the map alone. */
export const references = ['model', 'ideal', 'none'] as const;
export type Reference = (typeof references)[number];

/** One scaled map held against the truth, or the mean over several. */
export interface Score {
  readonly correlation: number;
  readonly fsc: number;
  /** Quantiles of the local correlations. */
  readonly local05: number;
  readonly local25: number;
  readonly local50: number;
}
export const scores = [
  'correlation',
  'fsc',
  'local05',
  'local25',
  'local50',
] as const satisfies readonly (keyof Score)[];

/** One experiment with one reference. */
export interface Result {
  readonly experiment: string;
  readonly reference: Reference;
  /** Means over the four ways to turn axes round. */
  readonly octant: Score;
  readonly shell: Score;
  /** Share of the places (all four ways) whose local correlation is higher with full shells. */
  readonly better: number;
  /** Largest minus smallest correlation over the four ways. */
  readonly octantSpread: number;
  readonly shellSpread: number;
  /** Root mean square change of the map by turning x round, relative to the map. */
  readonly octantTurned: number;
  readonly shellTurned: number;
  /** The same between the two profiles. */
  readonly profiles: number;
}

/** LocScale's window: 25 Å in whole voxels, even. */
const windowOf = (voxelSize: number): number => 2 * Math.ceil(25 / voxelSize / 2);

function formOf(
  { box: { voxelSize, shape }, model, ideal, resolution }: Experiment,
  kind: Reference,
  turn: Turn,
): ScalingForm {
  if (kind === 'none') {
    return { form: 'no-reference', voxelSize, wilsonCutoff: 10, fscCutoff: resolution, targetBfactor: 20 };
  }
  return { form: 'atomic', reference: turned(kind === 'model' ? model : ideal, shape, turn) };
}

/** The map scaled with its axes turned round, and turned back. */
async function scaledTurned(
  experiment: Experiment,
  kind: Reference,
  profile: ProfileKind,
  turn: Turn,
): Promise<Float32Array> {
  const { box, map, mask } = experiment;
  const { scaled } = await scaleWindows({
    ...formOf(experiment, kind, turn),
    map: turned(map, box.shape, turn),
    mask: turned(mask, box.shape, turn),
    shape: box.shape,
    windowSize: windowOf(box.voxelSize),
    profile,
  });
  return turned(scaled, box.shape, turn);
}

const score = ({ correlation, fsc, local }: Closeness): Score => ({
  correlation,
  fsc,
  local05: quantile(local, 0.05),
  local25: quantile(local, 0.25),
  local50: quantile(local, 0.5),
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const meanScore = (all: readonly Score[]): Score =>
  Object.fromEntries(scores.map((name) => [name, mean(all.map((one) => one[name]))])) as unknown as Score;

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** Scales one experiment with both profiles and its axes in all four ways, and holds the maps against the truth. */
export async function measure(experiment: Experiment, reference: Reference): Promise<Result> {
  const scaleAll = (profile: ProfileKind): Promise<Float32Array[]> =>
    turnNames.reduce<Promise<Float32Array[]>>(
      async (done, turn) => [...(await done), await scaledTurned(experiment, reference, profile, turn)],
      Promise.resolve([]),
    );
  const maps = { octant: await scaleAll('octant'), shell: await scaleAll('shell') };
  const judgeAll = (all: readonly Float32Array[]): Promise<Closeness[]> =>
    Promise.all(all.map((map) => judge(map, experiment)));
  const close = { octant: await judgeAll(maps.octant), shell: await judgeAll(maps.shell) };
  const better = close.shell.flatMap(({ local }, turn) =>
    Array.from(local, (value, i) => (value > (close.octant[turn]?.local[i] ?? NaN) ? 1 : 0)),
  );
  const change = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
    relativeDifference(a ?? new Float32Array(), b ?? new Float32Array(), experiment.judged);
  return {
    experiment: experiment.name,
    reference,
    octant: meanScore(close.octant.map(score)),
    shell: meanScore(close.shell.map(score)),
    better: mean(better),
    octantSpread: spread(close.octant.map(({ correlation }) => correlation)),
    shellSpread: spread(close.shell.map(({ correlation }) => correlation)),
    octantTurned: change(maps.octant[0], maps.octant[1]),
    shellTurned: change(maps.shell[0], maps.shell[1]),
    profiles: change(maps.octant[0], maps.shell[0]),
  };
}
