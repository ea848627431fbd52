import { pseudoModel as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph } from '../graph.js';
import type { Outcome } from '../messages.js';
import { markAsPseudo } from '../steps/join-models.js';
import { pseudoModelFacts } from '../steps/model-facts.js';
import { cutoffFacts } from './facts.js';
import { formOf } from './form.js';
import { openMapToSharpen } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { refinedReference } from './model-reference.js';
import { commonPlan } from './plan.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import { placePseudoAtoms } from './pseudo-atoms.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { sharpen } from './sharpen.js';

/** Scaling against the map of pseudo-atoms that fill the mask (models.md 10, row 7). */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const mask = await openMask(graph, inputs, map.voxels, map.grid, parameters);
  const plan = commonPlan(graph, descriptor, parameters, map, mask);

  const { maskThreshold: threshold, molecularWeight: kilodalton } = parameters;
  const count = kilodalton === undefined ? ({ kind: 'mask' } as const) : ({ kind: 'weight', kilodalton } as const);
  const built = placePseudoAtoms(graph, map, { mask: mask.confidence, threshold, count }, parameters);
  const atoms = graph.part(built, 'atoms');
  const placing = { label: 'placing pseudo-atoms', weight: 0 };
  const pseudo = graph.step(markAsPseudo, { atoms }, placing);
  const reference = refinedReference(graph, map, { atoms, name: 'the pseudo-model', pseudo, source: null }, parameters);
  const form = formOf(graph, map, mask, plan.windowSize, { ...parameters, form: 'theoretical', measureBfactors: true });
  return sharpen(graph, request, hooks, {
    ...plan,
    reference: reference.voxels,
    form,
    otherSources: mask.source === null ? [] : [mask.source],
    maps: reference.maps,
    models: reference.models,
    facts: {
      pseudoModel: graph.step(pseudoModelFacts, { built }, placing),
      ...reference.facts,
      ...(mask.facts === null ? {} : { confidenceMask: mask.facts }),
      ...cutoffFacts(form),
    },
  });
}

export const pseudoModel: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => [
    ...sharpeningOutputs(inputs, { ...descriptor.parameters.parse(given), measured: true }),
    'reference',
  ],
  prepare: (grids, given, models) =>
    prepareSharpening(grids, { ...descriptor.parameters.parse(given), measured: true, pseudoAtoms: true }, models),
  run,
};
