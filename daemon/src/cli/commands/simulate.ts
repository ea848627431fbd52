import { pseudoMarks } from '../../engine/pseudo-model/scatterers.js';
import { checkPlacement } from '../../engine/steps/check-placement.js';
import { readModel } from '../../engine/steps/read-model.js';
import { simulateMap } from '../../engine/steps/simulate-map.js';
import type { Placement } from '../../models/index.js';
import { mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { checkOutputs, openMap, saveMap } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** `locscale simulate`: the map that a model stands for, on the grid of another map. */
export const simulate: MapCommand = {
  name: 'simulate',
  summary: 'make a map from a model, on the grid of another map',
  usage: 'MODEL --like MAP -o OUT  [--resolution Å] [--blur Å²]',
  takes: 'a model in PDB or mmCIF format, plain, .gz or .bz2',
  options: [
    works(
      'mc',
      'model_coordinates',
      '<model>',
      'Model (PDB or mmCIF, .gz too), instead of naming it without an option.',
    ),
    works(
      null,
      'like',
      '<map>',
      'Map whose grid, origin and header the new map takes, and which the model is held against.',
    ),
    mapOptions.output,
    works(
      null,
      'resolution',
      '<angstrom>',
      'Low-pass at the end, Å; default: none, the map ends at its Nyquist frequency.',
    ),
    works(
      null,
      'blur',
      '<b>',
      'B-factor that carries the atoms on the grid, Å²; default: what the voxel size asks for.',
    ),
    mapOptions.voxelSize,
  ],
  run: async (given, files, steps) => {
    const output = given.requiredPath('outfile', 'the map to write (-o out.mrc)');
    const like = given.requiredPath('like', 'the map whose grid to use (--like map.mrc)');
    const [resolution, blur] = [given.positive('resolution', 'Å'), given.number('blur', 'Å²')];
    const path = given.onlyModel(files);
    await checkOutputs([output], [path, like]);
    const model = await steps.run(readModel, { path }, path);
    const map = await openMap(steps, like, { mayBeConstant: true, voxelSize: given.positive('apix', 'Å') });
    const { originWords, start } = map.header;
    const { atoms, name, facts } = model;
    const placement = await steps.run(
      checkPlacement,
      { atoms, name, map: map.voxels, grid: map.grid, originWords, start },
      'comparing model and map',
    );
    const request = {
      atoms,
      pseudo: pseudoMarks(atoms),
      grid: map.grid,
      resolution,
      blur,
      copies: undefined,
      threads: undefined,
    };
    const simulated = await steps.run(simulateMap, request, 'simulating');
    await saveMap(output, map, simulated, `simulated from ${name}`);
    const found = placementJson(placement);
    return {
      json: {
        output,
        model: facts,
        grid: map.grid,
        blur: simulated.blur,
        resolution: resolution ?? null,
        placement: found,
      },
      lines: [
        output,
        `${facts.atoms - simulated.outside} atoms of ${name}, blur ${simulated.blur.toFixed(1)} Å²`,
        `correlation with ${like} inside the model's mask: ${placement.correlation.toFixed(3)} at ${placement.resolution.toFixed(1)} Å`,
      ],
    };
  },
};

const placementJson = ({ outside, correlation, resolution, better }: Placement): object => ({
  outside,
  correlation,
  resolution,
  better,
});
