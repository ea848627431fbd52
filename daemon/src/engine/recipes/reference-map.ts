import { LocScaleError, referenceMap as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph, Value } from '../graph.js';
import type { Outcome, RecipeInputs } from '../messages.js';
import { binariseMask } from '../steps/binarise-mask.js';
import { cutoffFacts } from './facts.js';
import { formOf } from './form.js';
import { optionalSource } from './inputs.js';
import { openMapToSharpen } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { type OpenedSource, openSource } from './open-source.js';
import { commonPlan } from './plan.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { openReference } from './reference.js';
import { sharpen } from './sharpen.js';

type Parameters = ReturnType<typeof descriptor.parameters.parse>;

/** Scaling against a map that the user gives. Everything that can be refused is refused before the first byte is written. */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const reference = await openReference(graph, inputs, map.voxels, map.grid, parameters);
  const mask = await openMask(graph, inputs, map.voxels, map.grid, parameters);
  const difference = await openDifferenceMask(graph, inputs, parameters.form);
  const others = [reference.source, ...(difference === null ? [] : [difference.source])];
  const plan = commonPlan(graph, descriptor, parameters, map, mask, others);
  const settings = { ...parameters, differenceMask: difference?.mask };
  const form = formOf(graph, map, mask, plan.windowSize, settings);
  return sharpen(graph, request, hooks, {
    ...plan,
    reference: reference.voxels,
    form,
    otherSources: [reference.source, mask.source, difference?.source ?? null].filter((each) => each !== null),
    maps: [],
    models: [],
    facts: {
      ...(reference.symmetryCheck === null ? {} : { symmetry: reference.symmetryCheck }),
      ...(mask.facts === null ? {} : { confidenceMask: mask.facts }),
      ...cutoffFacts(form),
    },
  });
}

interface DifferenceMask {
  readonly source: OpenedSource;
  readonly mask: Value<Uint8Array>;
}

/** The mask of the hybrid form: needed there, without a meaning elsewhere. */
async function openDifferenceMask(
  graph: Graph,
  inputs: RecipeInputs,
  form: Parameters['form'],
): Promise<DifferenceMask | null> {
  const given = optionalSource(inputs, 'differenceMask');
  if ((given !== undefined) !== (form === 'hybrid'))
    throw new LocScaleError(
      given === undefined ? 'input.missing' : 'input.parameter',
      given === undefined
        ? 'The hybrid form needs a difference mask, and none is given; give one (--difference_mask) or another form.'
        : `A difference mask is given, but the form is ${form}, expected hybrid; leave one of the two out.`,
    );
  if (given === undefined) return null;
  const source = await openSource(graph, 'difference mask', given, true);
  const measuring = { label: 'reading the difference mask', weight: 1 };
  return { source, mask: graph.part(graph.step(binariseMask, { mask: source.voxels }, measuring), 'mask') };
}

export const referenceMap: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => {
    const { form, measureBfactors, ...local } = descriptor.parameters.parse(given);
    return sharpeningOutputs(inputs, { ...local, measured: form !== 'atomic' || measureBfactors });
  },
  prepare: (grids, given, models) => {
    const parameters = descriptor.parameters.parse(given);
    const measured = parameters.form !== 'atomic' || parameters.measureBfactors;
    return prepareSharpening(grids, { ...parameters, measured }, models);
  },
  run,
};
