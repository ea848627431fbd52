import { type Grid, LocScaleError, surfer as descriptor } from '@chimerax-like/rpc';
import { findNetwork, forContext, type FoundNetwork, type Manifest } from '../../networks/index.js';
import type { Graph, Value } from '../graph.js';
import type { Outcome, RecipeInputs } from '../messages.js';
import { writeRaw } from '../raw-file.js';
import { checkTarget, haveSameVoxels, ontoTarget } from '../steps/onto-target.js';
import { type OutputMap, saveOutputs } from '../steps/save-outputs.js';
import { segmentContext } from '../steps/segment-context.js';
import { type Subtracted, subtractContext } from '../steps/subtract-context.js';
import { checkGrids, withVoxelSize } from './grids.js';
import { optionalSource } from './inputs.js';
import { openMapToSharpen } from './map-to-sharpen.js';
import { openSource, type OpenedSource } from './open-source.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { prepareSurfer } from './surfer-prepare.js';

/** Finds the context of a map once, and takes it out of the target; the second part is all that runs again when only the threshold changes. */
async function run(graph: Graph, request: RecipeRequest): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { voxelSize, threads, network: name } = parameters;
  const map = await openMapToSharpen(graph, request.inputs, { voxelSize, fscFilter: false, compatibility: 'none' });
  const mask = await openGiven(graph, request.inputs, 'mask', true);
  const target = await openTarget(graph, request.inputs, map.sources[0].grid, map.grid, voxelSize);
  if (mask !== null) checkGrids({ [map.sources[0].name]: map.sources[0].grid, mask: mask.grid }, graph.warn);
  const grid = target?.grid ?? map.grid;
  const network = await findNetwork(name, forContext);
  const found = declareSegmentation(graph, map.voxels, map.grid, mask?.source.voxels, network, parameters);
  const context = haveSameVoxels(map.grid, grid)
    ? found
    : graph.step(
        ontoTarget,
        { context: found, from: map.grid, to: grid },
        { label: 'resampling the context', weight: 5 },
      );
  const { threshold, smoothing, largestSegment: largest, inverse } = parameters;
  const given = {
    context,
    target: target?.source.voxels ?? map.voxels,
    grid,
    threshold,
    smoothing,
    largest,
    inverse,
    threads,
  };
  const cleaning = graph.step(subtractContext, given, { label: 'removing the context', weight: 5 });
  graph.plan([context, cleaning]);
  const probability = await graph.get(context);
  const subtracted = await graph.get(cleaning);

  const maps = outputMaps(subtracted, probability, inverse);
  for (const { name: output, voxels } of maps) {
    const path = request.rawOutputs[output];
    if (path !== undefined) await writeRaw(path, grid.shape, voxels, graph.signal);
  }
  const { manifest } = network;
  const provenance = {
    recipe: descriptor.name,
    parameters: { ...parameters, voxelSize: grid.voxelSize, threads: threads ?? 'all' },
    given: request.parameters,
    network: {
      name: manifest.name,
      sha256: manifest.graph.sha256,
      from: manifest.source.from,
    },
    densityRemoved: `where the network ${manifest.name} found ${inverse ? 'none' : 'context'}`,
    context: subtracted.facts,
    steps: graph.steps,
  };
  const sources = [...map.sources, mask?.source, target?.source].filter((source) => source !== undefined);
  const files = await graph.run(
    saveOutputs,
    {
      outputPath: request.outputPath,
      grid,
      maps,
      documents: [],
      template: (target?.source ?? map.sources[0]).header,
      record: { provenance, sources, timings: graph.timings, warnings: graph.warnings },
    },
    { label: 'writing the maps', weight: 12 },
  );
  const outputs = Object.fromEntries(maps.map(({ name: output }) => [output, grid]));
  return { outputs, models: {}, files, timings: { ...graph.timings }, warnings: [...graph.warnings], provenance };
}

interface Opened {
  readonly source: OpenedSource;
  readonly grid: Grid;
}

async function openGiven(
  graph: Graph,
  inputs: RecipeInputs,
  name: 'mask' | 'target',
  mayBeConstant: boolean,
): Promise<Opened | null> {
  const given = optionalSource(inputs, name);
  if (given === undefined) return null;
  const source = await openSource(graph, name, given, mayBeConstant);
  return { source, grid: source.grid };
}

/** The target, which lies over the same box as the map; a voxel size that is given replaces that of both where they have the same voxels. */
async function openTarget(
  graph: Graph,
  inputs: RecipeInputs,
  own: Grid,
  mapGrid: Grid,
  voxelSize: number | undefined,
): Promise<Opened | null> {
  const target = await openGiven(graph, inputs, 'target', false);
  if (target === null) return null;
  const same = own.shape.every((n, axis) => n === target.grid.shape[axis]);
  const grid = withVoxelSize(target.grid, same ? voxelSize : undefined);
  checkTarget(mapGrid, grid);
  return { source: target.source, grid };
}

function declareSegmentation(
  graph: Graph,
  map: Value<Float32Array>,
  grid: Grid,
  mask: Value<Float32Array> | undefined,
  network: FoundNetwork,
  parameters: ReturnType<typeof descriptor.parameters.parse>,
): Value<Float32Array> {
  const segmenter = segmenterOf(network.manifest);
  const { device, gpuIds, batchSize: batch, threads } = parameters;
  const stride = parameters.stride ?? segmenter.segmentation.stride;
  const given = {
    map,
    grid,
    mask,
    network: segmenter.graph.sha256,
    stride,
    manifest: segmenter,
    graphPath: network.path,
    device,
    gpuIds,
    batch,
    threads,
  };
  return graph.step(segmentContext, given, { label: 'looking for context', weight: 2000 });
}

function segmenterOf(manifest: Manifest): Manifest & { readonly segmentation: NonNullable<Manifest['segmentation']> } {
  const { name, segmentation } = manifest;
  if (segmentation === undefined)
    throw new LocScaleError(
      'input.parameter',
      `The network ${name} does not find context; name one that does, such as surfer-sim, which comes with the program, or leave --network out.`,
    );
  return { ...manifest, segmentation };
}

function outputMaps({ cleaned, mask }: Subtracted, context: Float32Array, inverse: boolean): readonly OutputMap[] {
  return [
    {
      name: 'cleaned',
      suffix: '',
      title: inverse ? 'surfer, context alone' : 'surfer, context removed',
      voxels: cleaned,
    },
    { name: 'context', suffix: '_micelle_prediction', title: 'surfer, probability of context', voxels: context },
    { name: 'contextMask', suffix: '_micelle_mask', title: 'surfer, smoothed mask of the context', voxels: mask },
  ];
}

export const surfer: EngineRecipe = {
  name: descriptor.name,
  outputs: () => ['cleaned', 'context', 'contextMask'],
  prepare: (grids, given) => prepareSurfer(grids, descriptor.parameters.parse(given)),
  run,
};
