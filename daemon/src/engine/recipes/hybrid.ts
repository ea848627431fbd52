import { hybrid as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph } from '../graph.js';
import type { Outcome } from '../messages.js';
import { differenceMask, maskAsNumbers } from '../steps/difference-mask.js';
import { joinModels } from '../steps/join-models.js';
import { differenceFacts, pseudoModelFacts } from '../steps/model-facts.js';
import { cutoffFacts } from './facts.js';
import { formOf } from './form.js';
import { openMapToSharpen } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { refinedReference } from './model-reference.js';
import { openModel, placeModel } from './open-model.js';
import { commonPlan } from './plan.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import { placePseudoAtoms } from './pseudo-atoms.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { sharpen } from './sharpen.js';

/** How far a model reaches from its atoms where the resolution of the map is not given, Å; LocScale's. */
const usualRadius = 3;

/** Scaling against a partial model that pseudo-atoms complete (models.md 6 and 10, row 2). */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const opened = await openModel(graph, inputs);
  const mask = await openMask(graph, inputs, map.voxels, map.grid, parameters);
  const plan = commonPlan(graph, descriptor, parameters, map, mask);

  const model = graph.part(opened.model, 'atoms');
  const { maskThreshold, averagingWindow: erosion, resolution: radius = usualRadius } = parameters;
  const looking = { label: 'looking for what the model leaves out', weight: 20 };
  const given = {
    atoms: model,
    confidence: mask.confidence,
    grid: map.grid,
    threshold: maskThreshold,
    radius,
    erosion,
  };
  const difference = graph.step(differenceMask, given, looking);
  const where = graph.part(difference, 'mask');
  const numbers = graph.step(maskAsNumbers, { mask: where }, { ...looking, weight: 0 });
  const inDifference = { mask: numbers, threshold: 0.5, count: { kind: 'unmodelled' } } as const;
  const built = placePseudoAtoms(graph, map, inDifference, parameters);
  const joining = { label: 'completing the model', weight: 1 };
  const joined = graph.step(joinModels, { model, pseudoAtoms: graph.part(built, 'atoms') }, joining);
  const completed = {
    atoms: graph.part(joined, 'atoms'),
    pseudo: graph.part(joined, 'pseudo'),
    name: opened.title,
    source: graph.part(opened.model, 'source'),
  };
  const reference = refinedReference(graph, map, completed, parameters);
  const settings = { ...parameters, form: 'hybrid', measureBfactors: true, differenceMask: where } as const;
  const form = formOf(graph, map, mask, plan.windowSize, settings);
  const title = 'where pseudo-atoms complete the model';
  return sharpen(graph, request, hooks, {
    ...plan,
    reference: reference.voxels,
    form,
    otherSources: [opened, ...(mask.source === null ? [] : [mask.source])],
    maps: [...reference.maps, { name: 'differenceMask', suffix: '_difference_mask', title, voxels: where }],
    models: reference.models,
    facts: {
      placement: placeModel(graph, opened, map),
      difference: graph.step(differenceFacts, { difference }, { ...looking, weight: 0 }),
      pseudoModel: graph.step(pseudoModelFacts, { built }, joining),
      ...reference.facts,
      ...(mask.facts === null ? {} : { confidenceMask: mask.facts }),
      ...cutoffFacts(form),
    },
  });
}

export const hybrid: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => [
    ...sharpeningOutputs(inputs, { ...descriptor.parameters.parse(given), measured: true }),
    'reference',
    'differenceMask',
  ],
  prepare: (grids, given, models) =>
    prepareSharpening(grids, { ...descriptor.parameters.parse(given), measured: true, pseudoAtoms: true }, models),
  run,
};
