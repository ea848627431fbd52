import { modelFree as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph } from '../graph.js';
import type { Outcome } from '../messages.js';
import { meanVoxelSize } from '../voxel-size.js';
import { openMapToSharpen } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { commonPlan } from './plan.js';
import { networkFacts, openPrediction } from './prediction.js';
import { withPrediction } from './prepare-prediction.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { sharpen } from './sharpen.js';

/** Scaling against what a network predicts of the map, in one pass without chance. */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const map = await openMapToSharpen(graph, request.inputs, parameters);
  const mask = await openMask(graph, request.inputs, map.voxels, map.grid, parameters);
  const plan = commonPlan(graph, descriptor, parameters, map, mask);
  const { mean, facts, network } = await openPrediction(graph, map, mask.mask, parameters, null);
  const title = `predicted by the network ${network.manifest.name}`;
  return sharpen(graph, request, hooks, {
    ...plan,
    parameters: { ...plan.parameters, network: networkFacts(network) },
    title: `local scaling to the prediction of ${network.manifest.name}`,
    reference: mean,
    form: { form: 'atomic', voxelSize: meanVoxelSize(map.grid) },
    otherSources: mask.source === null ? [] : [mask.source],
    maps: [{ name: 'prediction', suffix: '_model_map_predicted', title, voxels: mean }],
    models: [],
    facts: { ...facts, ...(mask.facts === null ? {} : { confidenceMask: mask.facts }) },
  });
}

export const modelFree: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => {
    const local = descriptor.parameters.parse(given);
    return [...sharpeningOutputs(inputs, { ...local, measured: false }), 'prediction'];
  },
  prepare: (grids, given, models) => {
    const parameters = descriptor.parameters.parse(given);
    return withPrediction(prepareSharpening(grids, { ...parameters, measured: false }, models), parameters);
  },
  run,
};
