import { type Grid, referenceMap as descriptor } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Outcome, RecipeInputs, VolumeSource } from '../messages.js';
import { Runner } from '../runner.js';
import { type BinaryMask, binariseMask } from '../steps/binarise-mask.js';
import { checkOutput } from '../steps/check-output.js';
import { checkVoxels } from '../steps/check-voxels.js';
import { combineHalfMaps } from '../steps/combine-half-maps.js';
import { edgeFill } from '../steps/edge-fill.js';
import { type LoadedVolume, loadVolume } from '../steps/load-volume.js';
import { saveOutputs } from '../steps/save-outputs.js';
import { scaleWindows } from '../steps/scale-windows.js';
import { checkGrids, withVoxelSize } from './grids.js';
import { optionalSource, requiredSource, sourcePair } from './inputs.js';
import type { EngineRecipe, RecipeRequest } from './recipe.js';
import { prepareReferenceMap } from './reference-map-prepare.js';
import { chooseWindow } from './window.js';

/** Shares of the work, roughly milliseconds per million voxels with a fifth of them in the mask. */
const weights = {
  'checking the output path': 0,
  'reading map 1': 10,
  'reading map 2': 10,
  'combining the half maps': 1,
  'reading the reference map': 10,
  'reading the mask': 10,
  'looking at the edges': 3,
  'scaling the windows': 100,
  'writing the map': 12,
} as const;
type Stage = keyof typeof weights;

/** The steps of the mode, in order; everything that can be refused is refused before the first byte is written. */
async function run(request: RecipeRequest, hooks: TaskHooks): Promise<Outcome> {
  const parameters = descriptor.parameters.parse(request.parameters);
  const sources = namedSources(request.inputs);
  const steps = new Runner(weights, hooks);
  const { rawOutputs, outputPath } = request;

  await steps.run(checkOutput, { outputPath, sources }, 'checking the output path');
  const { map, grids, template } = await loadMap(steps, sources);
  const reference = await load(steps, 'reference map', sources['reference map'], 'reading the reference map');
  const { mask, maskedVoxels, maskGrid } = await loadMask(steps, sources.mask);
  const fileGrid = checkGrids({ ...grids, 'reference map': reference.grid, mask: maskGrid }, steps.warn);
  const grid = withVoxelSize(fileGrid, parameters.voxelSize);
  const windowSize = chooseWindow(grid, parameters.windowSize, steps.warn);
  const maps = { map, reference: reference.voxels, mask, shape: grid.shape };
  const fill = await steps.run(edgeFill, { ...maps, half: windowSize / 2 }, 'looking at the edges');
  const threads = parameters.threads;
  const rawPath = rawOutputs['sharpened'] ?? null;
  const scaling = { ...maps, windowSize, fill, threads, output: 'sharpened', rawPath };
  const { scaled, scaledVoxels, emptyWindows } = await steps.run(scaleWindows, scaling, 'scaling the windows');

  const provenance = {
    recipe: descriptor.name,
    parameters: { windowSize, voxelSize: grid.voxelSize, threads: threads ?? 'all' },
    given: request.parameters,
    maskedVoxels,
    scaledVoxels,
    emptyWindows,
    edgeFill: fill,
    steps: steps.steps,
  };
  const record = { provenance, sources, timings: steps.timings, warnings: steps.warnings };
  const saving = { outputPath, grid, voxels: scaled, template, record };
  const files = await steps.run(saveOutputs, saving, 'writing the map');
  return {
    outputs: { sharpened: grid },
    files: [...files],
    timings: steps.timings,
    warnings: steps.warnings,
    provenance,
  };
}

type Sources = Readonly<Record<string, VolumeSource>> & {
  readonly 'reference map': VolumeSource;
  readonly mask: VolumeSource;
};

function namedSources(inputs: RecipeInputs): Sources {
  const map = optionalSource(inputs, 'map');
  const given = map
    ? { map }
    : { 'half map 1': sourcePair(inputs, 'halfMaps')[0], 'half map 2': sourcePair(inputs, 'halfMaps')[1] };
  return { ...given, 'reference map': requiredSource(inputs, 'reference'), mask: requiredSource(inputs, 'mask') };
}

/** The map to be sharpened, and the header whose axis order, origin words and labels its outputs repeat. */
async function loadMap(steps: Runner, sources: Sources) {
  const { 'half map 1': half1, 'half map 2': half2, map: single } = sources;
  if (half1 === undefined || half2 === undefined) {
    const map = await load(steps, 'map', single as VolumeSource, 'reading map 1');
    return { map: map.voxels, grids: { map: map.grid }, template: map.header };
  }
  const first = await load(steps, 'half map 1', half1, 'reading map 1');
  const second = await load(steps, 'half map 2', half2, 'reading map 2');
  const grids: Record<string, Grid> = { 'half map 1': first.grid, 'half map 2': second.grid };
  checkGrids(grids);
  const map = await steps.run(combineHalfMaps, [first.voxels, second.voxels] as const, 'combining the half maps');
  return { map, grids, template: first.header };
}

async function load(
  steps: Runner,
  name: string,
  source: VolumeSource,
  stage: Stage,
  mayBeConstant = false,
): Promise<LoadedVolume> {
  const volume = await steps.run(loadVolume, { source, mayBeConstant }, stage);
  // Reading a file has checked its voxels on the way; raw ones come unseen from an upload.
  if (source.kind === 'raw') await steps.run(checkVoxels, { name, voxels: volume.voxels, mayBeConstant }, stage);
  return volume;
}

async function loadMask(steps: Runner, source: VolumeSource): Promise<BinaryMask & { readonly maskGrid: Grid }> {
  const { voxels, grid } = await load(steps, 'mask', source, 'reading the mask', true);
  return { ...(await steps.run(binariseMask, voxels, 'reading the mask')), maskGrid: grid };
}

export const referenceMap: EngineRecipe = {
  name: descriptor.name,
  outputs: Object.keys(descriptor.outputs),
  prepare: prepareReferenceMap,
  run,
};
