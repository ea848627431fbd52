import { noReference as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph } from '../graph.js';
import type { Outcome } from '../messages.js';
import { meanVoxelSize } from '../voxel-size.js';
import { cutoffFacts, fitStartOf } from './facts.js';
import { flagsOf } from '../report/record.js';
import { checkGrids } from './grids.js';
import { openMapToSharpen, resolutionOf } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { sharpen, type Sharpening } from './sharpen.js';
import { localSettings } from './local.js';
import { chooseWindow } from './window.js';

/** Scaling without a reference: every window gets the same B-factor. */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const { grid } = map;
  const mask = await openMask(graph, inputs, map.voxels, grid, parameters);
  const otherSources = mask.source === null ? [] : [mask.source];
  const files = [map.sources[0], ...otherSources].map(({ name, grid: own }) => [name, own] as const);
  checkGrids(Object.fromEntries(files), graph.warn);
  const windowSize = chooseWindow(grid, parameters.windowSize, graph.warn);
  const voxelSize = meanVoxelSize(grid);
  const fscCutoff = parameters.resolution ?? resolutionOf(graph, map);
  const fit = { end: fscCutoff, windowSize, voxelSize };
  const form: Sharpening['form'] = {
    form: 'no-reference',
    voxelSize,
    fscCutoff,
    wilsonCutoff: parameters.wilsonCutoff ?? fitStartOf(graph, mask.wilson(grid), fit),
    targetBfactor: parameters.targetBfactor,
  };
  return sharpen(graph, request, hooks, {
    recipe: descriptor.name,
    parameters,
    windowSize,
    profile: parameters.profile,
    threads: parameters.threads,
    map,
    mask,
    reference: undefined,
    form,
    audit: parameters.audit || parameters.report ? { smoothFactor: parameters.smoothFactor } : null,
    report: parameters.report ? { name: parameters.reportName, flags: flagsOf(descriptor.parameters.shape) } : null,
    local: localSettings(graph, map, mask, parameters),
    otherSources,
    facts: { ...(mask.facts === null ? {} : { confidenceMask: mask.facts }), ...cutoffFacts(form) },
  });
}

export const noReference: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => sharpeningOutputs(inputs, { ...descriptor.parameters.parse(given), measured: true }),
  prepare: (grids, given) => prepareSharpening(grids, { ...descriptor.parameters.parse(given), measured: true }),
  run,
};
