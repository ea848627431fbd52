import { noReference as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph } from '../graph.js';
import type { Outcome } from '../messages.js';
import { meanVoxelSize } from '../voxel-size.js';
import { cutoffFacts, fitStartOf } from './facts.js';
import { openMapToSharpen, resolutionOf } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { commonPlan } from './plan.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { sharpen, type Sharpening } from './sharpen.js';

/** Scaling without a reference: every window gets the same B-factor. */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const { grid } = map;
  const mask = await openMask(graph, inputs, map.voxels, grid, parameters);
  const plan = commonPlan(graph, descriptor, parameters, map, mask);
  const voxelSize = meanVoxelSize(grid);
  const fscCutoff = parameters.resolution ?? resolutionOf(graph, map);
  const fit = { end: fscCutoff, windowSize: plan.windowSize, voxelSize };
  const form: Sharpening['form'] = {
    form: 'no-reference',
    voxelSize,
    fscCutoff,
    wilsonCutoff: parameters.wilsonCutoff ?? fitStartOf(graph, mask.wilson(grid), fit),
    targetBfactor: parameters.targetBfactor,
  };
  return sharpen(graph, request, hooks, {
    ...plan,
    reference: undefined,
    form,
    otherSources: mask.source === null ? [] : [mask.source],
    maps: [],
    models: [],
    facts: { ...(mask.facts === null ? {} : { confidenceMask: mask.facts }), ...cutoffFacts(form) },
  });
}

export const noReference: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => sharpeningOutputs(inputs, { ...descriptor.parameters.parse(given), measured: true }),
  prepare: (grids, given, models) =>
    prepareSharpening(grids, { ...descriptor.parameters.parse(given), measured: true }, models),
  run,
};
