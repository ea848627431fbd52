import { modelBased as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph } from '../graph.js';
import type { Outcome } from '../messages.js';
import { markAsPseudo } from '../steps/join-models.js';
import { cutoffFacts } from './facts.js';
import { formOf } from './form.js';
import { openMapToSharpen } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { refinedReference, simulatedReference } from './model-reference.js';
import { openModel, placeModel } from './open-model.js';
import { commonPlan } from './plan.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { sharpen } from './sharpen.js';

/** Scaling against the map of an atomic model whose B-factors are refined first (models.md 10, rows 3 to 5). */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const opened = await openModel(graph, inputs);
  const mask = await openMask(graph, inputs, map.voxels, map.grid, parameters);
  const plan = commonPlan(graph, descriptor, parameters, map, mask);

  const atoms = graph.part(opened.model, 'atoms');
  const marking = { label: 'reading the model', weight: 0 };
  const pseudo = parameters.asPseudoModel ? graph.step(markAsPseudo, { atoms }, marking) : undefined;
  const whole = { atoms, name: opened.title, pseudo, source: graph.part(opened.model, 'source') };
  const reference = parameters.skipRefinement
    ? simulatedReference(graph, map, { atoms, pseudo: undefined }, parameters)
    : refinedReference(graph, map, whole, parameters);
  const form = formOf(graph, map, mask, plan.windowSize, { ...parameters, form: 'atomic', boost: 1 });
  return sharpen(graph, request, hooks, {
    ...plan,
    reference: reference.voxels,
    form,
    otherSources: [opened, ...(mask.source === null ? [] : [mask.source])],
    maps: reference.maps,
    models: reference.models,
    facts: {
      placement: placeModel(graph, opened, map),
      ...reference.facts,
      ...(mask.facts === null ? {} : { confidenceMask: mask.facts }),
      ...cutoffFacts(form),
    },
  });
}

export const modelBased: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => {
    const { measureBfactors: measured, ...local } = descriptor.parameters.parse(given);
    return [...sharpeningOutputs(inputs, { ...local, measured }), 'reference'];
  },
  prepare: (grids, given, models) => {
    const parameters = descriptor.parameters.parse(given);
    return prepareSharpening(grids, { ...parameters, measured: parameters.measureBfactors }, models);
  },
  run,
};
