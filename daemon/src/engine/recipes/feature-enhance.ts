import { featureEnhance as descriptor, LocScaleError } from '@chimerax-like/rpc';
import type { Graph, Value } from '../graph.js';
import type { Outcome } from '../messages.js';
import { flagsOf } from '../report/record.js';
import { confidenceScore } from '../steps/confidence-score.js';
import { edgeFill } from '../steps/edge-fill.js';
import { joinMasks, protectRegion } from '../steps/protect-region.js';
import { scaleWindows } from '../steps/scale-windows.js';
import { meanVoxelSize } from '../voxel-size.js';
import { writeEnhanced } from './enhanced-results.js';
import { checkGrids } from './grids.js';
import { optionalSource } from './inputs.js';
import { type MapToSharpen, openMapToSharpen } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { type OpenedSource, openSource } from './open-source.js';
import { openPrediction } from './prediction.js';
import { withPrediction } from './prepare-prediction.js';
import { prepareSharpening } from './prepare.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { chooseWindow } from './window.js';

type Parameters = ReturnType<typeof descriptor.parameters.parse>;

/** Prediction, baseline, confidence (emmernet.md 1, 4 to 6). */
async function run(graph: Graph, request: RecipeRequest): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const mask = await openMask(graph, inputs, map.voxels, map.grid, parameters);
  const region = await openProtected(graph, optionalSource(inputs, 'protect'), mask.mask);
  const otherSources = [mask.source, region?.source ?? null].filter((each) => each !== null);
  checkGrids(Object.fromEntries([map.sources[0], ...otherSources].map(({ name, grid }) => [name, grid])), graph.warn);
  const windowSize = chooseWindow(map.grid, parameters.windowSize, graph.warn);
  const { passes, seed, monteCarlo } = parameters;
  const scaled = region?.mask ?? mask.mask;
  const prediction = await openPrediction(graph, map, scaled, parameters, monteCarlo ? { passes, seed } : null);
  const { calibrator, dropouts, name } = prediction.network.manifest;
  if (monteCarlo && dropouts.length === 0)
    throw new LocScaleError(
      'input.parameter',
      `The network ${name} has no random layers, so that Monte Carlo passes of it are all the same; predict without them (--no_monte_carlo), or choose another network.`,
    );
  if (monteCarlo && calibrator === null)
    graph.warn({
      kind: 'network.uncalibrated',
      message: `The network ${name} has no calibrator, so no pVDDT is computed; import it again with --calibrator.`,
    });
  const baseline = declareBaseline(graph, map, scaled, prediction.mean, windowSize, parameters);
  const { threads } = parameters;
  const blended =
    region === null
      ? null
      : graph.step(
          protectRegion,
          {
            enhanced: prediction.mean,
            variance: prediction.variance,
            baseline,
            region: region.region,
            mask: scaled,
            grid: map.grid,
            threads,
          },
          { label: 'blending in what is protected', weight: 5 },
        );
  const enhanced = blended === null ? prediction.mean : graph.part(blended, 'enhanced');
  const variance = blended === null ? prediction.variance : graph.part(blended, 'variance');
  const score =
    monteCarlo && calibrator !== null
      ? graph.step(
          confidenceScore,
          { enhanced, baseline, variance, mask: mask.mask, passes, calibrator },
          { label: 'scoring the confidence', weight: 20 },
        )
      : null;
  return writeEnhanced(graph, request, {
    parameters: { ...parameters, windowSize },
    map,
    mask,
    network: prediction.network,
    facts: { ...prediction.facts, ...(mask.facts === null ? {} : { confidenceMask: mask.facts }) },
    otherSources,
    enhanced,
    baseline,
    variance: monteCarlo ? variance : null,
    score,
    report: parameters.report ? { name: parameters.reportName, flags: flagsOf(descriptor.parameters.shape) } : null,
  });
}

interface ProtectedRegion {
  readonly source: OpenedSource;
  readonly region: Value<Uint8Array>;
  /** What is scaled: the mask and the region. */
  readonly mask: Value<Uint8Array>;
}

async function openProtected(
  graph: Graph,
  given: ReturnType<typeof optionalSource>,
  mask: Value<Uint8Array>,
): Promise<ProtectedRegion | null> {
  if (given === undefined) return null;
  const source = await openSource(graph, 'region to protect', given, true);
  const joined = graph.step(
    joinMasks,
    { mask, other: source.voxels },
    { label: 'reading the region to protect', weight: 1 },
  );
  return { source, region: graph.part(joined, 'region'), mask: graph.part(joined, 'mask') };
}

/** The map scaled to the enhanced one, with everything else as LocScale has it by default. */
function declareBaseline(
  graph: Graph,
  { voxels: map, grid }: MapToSharpen,
  mask: Value<Uint8Array>,
  reference: Value<Float32Array>,
  windowSize: number,
  { profile, threads }: Parameters,
): Value<Float32Array> {
  const { shape } = grid;
  const edges = { map, reference, mask, shape, half: windowSize / 2 };
  const fill = graph.step(edgeFill, edges, { label: 'looking at the edges', weight: 3 });
  const scaling = graph.step(
    scaleWindows,
    {
      form: 'atomic',
      voxelSize: meanVoxelSize(grid),
      map,
      reference,
      mask,
      shape,
      windowSize,
      profile,
      fill,
      threads,
      live: null,
    },
    { label: 'scaling the baseline', weight: 100 },
  );
  return graph.part(scaling, 'scaled');
}

export const featureEnhance: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => {
    const { monteCarlo } = descriptor.parameters.parse(given);
    return [
      'fem',
      'baseline',
      ...(monteCarlo ? ['variance', 'pvddt'] : []),
      ...(inputs['mask'] === undefined ? ['mask'] : []),
    ];
  },
  prepare: (grids, given, models) => {
    const parameters = descriptor.parameters.parse(given);
    const rest = {
      measured: false,
      localResolution: false,
      localFilter: false,
      localCutoff: false,
      audit: false,
    };
    return withPrediction(prepareSharpening(grids, { ...parameters, ...rest }, models), parameters);
  },
  run,
};
