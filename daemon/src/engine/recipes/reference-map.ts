import { type Grid, LocScaleError, referenceMap as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph, Value } from '../graph.js';
import type { Outcome, RecipeInputs } from '../messages.js';
import { binariseMask } from '../steps/binarise-mask.js';
import { nyquistCutoff } from '../steps/cutoffs.js';
import { theory } from '../steps/theory.js';
import { meanVoxelSize } from '../voxel-size.js';
import { flagsOf } from '../report/record.js';
import { checkGrids } from './grids.js';
import { optionalSource } from './inputs.js';
import { openMapToSharpen, resolutionOf } from './map-to-sharpen.js';
import { openMask } from './mask-of-map.js';
import { cutoffFacts, fitStartOf } from './facts.js';
import { type OpenedSource, openSource } from './open-source.js';
import { prepareSharpening, sharpeningOutputs } from './prepare.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { openReference } from './reference.js';
import { sharpen, type Sharpening } from './sharpen.js';
import { localSettings } from './local.js';
import { chooseWindow } from './window.js';

type Parameters = ReturnType<typeof descriptor.parameters.parse>;

/** Scaling against a map that the user gives. Everything that can be refused is refused before the first byte is written. */
async function run(graph: Graph, request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const { inputs } = request;
  const map = await openMapToSharpen(graph, inputs, parameters);
  const { grid } = map;
  const reference = await openReference(graph, inputs, map.voxels, grid, parameters);
  const mask = await openMask(graph, inputs, map.voxels, grid, parameters);
  const difference = await openDifferenceMask(graph, inputs, parameters.form);
  const otherSources = [reference.source, mask.source, difference?.source ?? null].filter((each) => each !== null);
  const first = map.sources[0];
  checkGrids(Object.fromEntries([first, ...otherSources].map(({ name, grid: own }) => [name, own])), graph.warn);
  const windowSize = chooseWindow(grid, parameters.windowSize, graph.warn);

  const fscCutoff = parameters.resolution ?? resolutionOf(graph, map);
  const voxelSize = meanVoxelSize(grid);
  const fit = { end: nyquistCutoff(voxelSize), windowSize, voxelSize };
  const wilson = parameters.wilsonCutoff ?? fitStartOf(graph, mask.wilson(grid), fit);
  const form = formOf(graph, parameters, grid, windowSize, { fscCutoff, wilson, differenceMask: difference?.mask });
  return sharpen(graph, request, hooks, {
    recipe: descriptor.name,
    parameters,
    windowSize,
    profile: parameters.profile,
    threads: parameters.threads,
    map,
    mask,
    reference: reference.voxels,
    form,
    audit: parameters.audit || parameters.report ? { smoothFactor: parameters.smoothFactor } : null,
    report: parameters.report ? { name: parameters.reportName, flags: flagsOf(descriptor.parameters.shape) } : null,
    local: localSettings(graph, map, mask, parameters),
    otherSources,
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

interface FormValues {
  readonly fscCutoff: number | Value<number>;
  readonly wilson: number | Value<number>;
  readonly differenceMask: Value<Uint8Array> | undefined;
}

function formOf(
  graph: Graph,
  { form, measureBfactors, boost }: Parameters,
  grid: Grid,
  windowSize: number,
  { fscCutoff, wilson: wilsonCutoff, differenceMask }: FormValues,
): Sharpening['form'] {
  const voxelSize = meanVoxelSize(grid);
  if (form === 'atomic') return { form, voxelSize, ...(measureBfactors ? { measureBfactors, fscCutoff } : {}) };
  const curve = graph.step(theory, { windowSize, voxelSize }, { label: 'theoretical profile', weight: 0 });
  return {
    form,
    voxelSize,
    fscCutoff,
    wilsonCutoff,
    nyquistCutoff: nyquistCutoff(voxelSize),
    boost,
    theory: curve,
    differenceMask,
  };
}

export const referenceMap: EngineRecipe = {
  name: descriptor.name,
  outputs: (inputs, given) => {
    const { form, measureBfactors, ...local } = descriptor.parameters.parse(given);
    return sharpeningOutputs(inputs, { ...local, measured: form !== 'atomic' || measureBfactors });
  },
  prepare: (grids, given) => {
    const parameters = descriptor.parameters.parse(given);
    const measured = parameters.form !== 'atomic' || parameters.measureBfactors;
    return prepareSharpening(grids, { ...parameters, measured });
  },
  run,
};
