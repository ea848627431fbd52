import { basename } from 'node:path';
import { keyOf } from '../../store/index.js';
import { openPacked } from '../../volumes/index.js';
import type { Model } from '../../models/index.js';
import type { Step } from '../context.js';
import { assertUnchanged, type HashedFile, hashFile } from '../file-hash.js';
import type { Graph, Value } from '../graph.js';
import type { ModelSource, RecipeInputs } from '../messages.js';
import { checkPlacement } from '../steps/check-placement.js';
import { readModel } from '../steps/read-model.js';
import { requiredModel } from './inputs.js';
import type { MapToSharpen } from './map-to-sharpen.js';

/** An atomic model among the inputs of a recipe: its file is known, its atoms are read when a step needs them. */
export interface OpenedModel {
  /** Its role, for records. */
  readonly name: string;
  /** What messages call it. */
  readonly title: string;
  readonly source: ModelSource;
  readonly file: HashedFile;
  readonly model: Value<Model>;
}

const examineModel: Step<ModelSource, HashedFile> = {
  name: 'examineModel',
  version: 1,
  run: async ({ path, name }, { signal }) => {
    // Says in a sentence when the file is missing, cannot be read, or is no file.
    const { source } = await openPacked(path, name ?? basename(path), {
      file: 'a model file',
      content: 'a model in PDB or mmCIF format',
    });
    await source.close();
    return hashFile(path, signal);
  },
};

export async function openModel(graph: Graph, inputs: RecipeInputs): Promise<OpenedModel> {
  const source = requiredModel(inputs, 'model');
  const file = await graph.run(examineModel, source, { label: 'looking at the inputs', weight: 1 });
  const place = { label: 'reading the model', weight: 5 };
  const load = async (): Promise<Model> => {
    const { path, name } = source;
    const model = await graph.run(readModel, { path, name }, { ...place, weight: 0 });
    await assertUnchanged(file);
    return model;
  };
  const key = keyOf({ model: file.sha256 });
  const title = source.name ?? basename(source.path);
  return { name: 'model', title, source, file, model: graph.source('model', key, load, place) };
}

/** Looks whether the model lies in the map, and refuses one that lies outside. */
export function placeModel(
  graph: Graph,
  { model, title: name }: OpenedModel,
  { sources, voxels, grid }: MapToSharpen,
): Value<unknown> {
  const { originWords, start } = sources[0].header ?? { originWords: [0, 0, 0] as const, start: [0, 0, 0] as const };
  const atoms = graph.part(model, 'atoms');
  const given = { atoms, name, map: voxels, grid, originWords, start };
  return graph.step(checkPlacement, given, { label: 'comparing model and map', weight: 10 });
}
