import { checkModelPath } from '../../engine/output-path.js';
import type { Refined, RefinementMaps } from '../../engine/refinement/types.js';
import { binsOf, type Histogram, histogramLines } from '../../engine/refinement/histogram.js';
import type { Runner } from '../../engine/runner.js';
import { checkPlacement } from '../../engine/steps/check-placement.js';
import { combineHalfMaps } from '../../engine/steps/combine-half-maps.js';
import { pseudoMarks } from '../../engine/pseudo-model/scatterers.js';
import { readModel } from '../../engine/steps/read-model.js';
import { referenceBFactors } from '../../engine/steps/reference-b-factors.js';
import { refineAdp } from '../../engine/steps/refine-adp.js';
import { refineByServalcat } from '../../engine/steps/refine-by-servalcat.js';
import { type Model, writeModel } from '../../models/index.js';
import { CommandLineError } from '../command-line-error.js';
import { mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { assertOneGrid, type OpenMap, openHalfMaps, openMap } from '../run/map-files.js';
import type { MapCommand, Report } from './map-command.js';

/** `locscale refine-adp`: B-factors of a model from half maps or a map; positions stay. */
export const refineAdpCommand: MapCommand = {
  name: 'refine-adp',
  summary: 'refine the B-factors of a model against half maps, positions fixed',
  usage: 'MODEL -hm HALF1 HALF2 | -em MAP  -o OUT.cif  [options]',
  takes: 'a model in PDB or mmCIF format, plain, .gz or .bz2',
  tellsProgress: true,
  options: [
    works(
      'mc',
      'model_coordinates',
      '<model>',
      'Model (PDB or mmCIF, .gz too), instead of naming it without an option.',
    ),
    mapOptions.halfMaps,
    works('em', 'emmap_path', '<map>', 'One map instead of half maps; then nothing tells how tight to restrain.'),
    works('ma', 'mask', '<map>', 'Mask on the same grid, 0 to 1, that the maps are multiplied with (none).'),
    works('o', 'outfile', '<model>', 'Model to write, mmCIF.'),
    works(null, 'resolution', '<angstrom>', 'Finest resolution used, Å (FSC 0.143 of the half maps around the model).'),
    works(
      null,
      'restraint_weight',
      '<weight>',
      'Weight of the restraints (what suits the half map held back best; 0.5).',
    ),
    works(null, 'refinement_engine', '<name>', 'built-in (default), or servalcat, when that is on the PATH.'),
    works(
      null,
      'average',
      '',
      'Give every atom the mean B-factor within 25 Å, as LocScale does before it simulates a map.',
    ),
    works(null, 'shift', '', 'Then take their 1 % quantile away, as LocScale does.'),
    mapOptions.voxelSize,
  ],
  run: async (given, files, steps) => {
    const output = given.requiredPath('outfile', 'the model to write (-o refined.cif)');
    const path = given.onlyModel(files);
    const [halves, single, maskPath] = [given.pair('halfmap_paths'), given.path('emmap_path'), given.path('mask')];
    const [resolution, voxelSize] = [given.positive('resolution', 'Å'), given.positive('apix', 'Å')];
    const restraintWeight = given.atLeast('restraint_weight', 0, '');
    const engine = given.word('refinement_engine', ['built-in', 'servalcat']) ?? 'built-in';
    const mapPaths = halves ?? (single === undefined ? [] : [single]);
    if (mapPaths.length === 0 || (halves !== undefined && single !== undefined))
      throw new CommandLineError(
        'command-line.usage',
        `${mapPaths.length === 0 ? 'No map is' : 'Both half maps and a map are'} given; give two half maps (-hm half1.mrc half2.mrc) or one map (-em map.mrc).`,
      );
    await checkModelPath(output, [path, ...mapPaths, ...(maskPath === undefined ? [] : [maskPath])]);
    const model = await steps.run(readModel, { path }, `reading ${path}`);
    const { maps, map } = await openMaps(steps, halves, single, voxelSize);
    const mask =
      maskPath === undefined ? undefined : await openMap(steps, maskPath, { mayBeConstant: true, voxelSize });
    if (mask !== undefined) assertOneGrid(steps, { 'the map': map, 'the mask': mask });
    const { atoms, name } = model;
    const { grid } = map;
    const placement = await steps.run(
      checkPlacement,
      { atoms, name, map: map.voxels, grid, originWords: map.header.originWords, start: map.header.start },
      'comparing model and map',
    );
    const refined = await steps.run(
      engine === 'servalcat' ? refineByServalcat : refineAdp,
      {
        atoms,
        name,
        grid,
        maps,
        mask: mask?.voxels,
        pseudo: pseudoMarks(atoms),
        resolution,
        restraintWeight,
        threads: undefined,
      },
      'refining B-factors',
    );
    const [average, shift] = [given.on('average'), given.on('shift')];
    const { positions } = atoms;
    const request = { positions, bFactors: refined.bFactors, average, shift };
    const reference = await steps.run(referenceBFactors, request, 'averaging and shifting B-factors');
    await writeModel(output, { atoms: { ...atoms, bFactors: reference.bFactors }, source: model.source });
    return reportOf(model, refined, {
      output,
      average,
      shift: shift ? reference.shift : null,
      placement: placement.correlation,
    });
  },
};

/** The maps to refine against, and the one whose grid and header count. */
async function openMaps(
  steps: Runner,
  halves: readonly [string, string] | undefined,
  single: string | undefined,
  voxelSize: number | undefined,
): Promise<{ readonly maps: RefinementMaps; readonly map: OpenMap }> {
  if (halves === undefined) {
    const map = await openMap(steps, single ?? '', { voxelSize });
    return { maps: { kind: 'map', map: map.voxels }, map };
  }
  const [one, two] = await openHalfMaps(steps, halves, voxelSize);
  const pair = { half1: one.voxels, half2: two.voxels };
  const voxels = await steps.run(combineHalfMaps, pair, 'combining the half maps');
  return { maps: { kind: 'half maps', ...pair }, map: { ...one, voxels } };
}

interface Facts {
  readonly output: string;
  readonly average: boolean;
  readonly shift: number | null;
  readonly placement: number;
}

function reportOf({ name, facts }: Model, refined: Refined, { output, average, shift, placement }: Facts): Report {
  const values = refined.bFactors.filter((_, i) => refined.refined[i] === 1).sort();
  const histogram = binsOf(values);
  const { shells, halfMaps, fsc, fscBefore } = refined;
  return {
    json: {
      output,
      model: facts,
      engine: refined.engine,
      program: refined.program,
      resolution: refined.resolution,
      restraintWeight: refined.restraintWeight,
      trials: refined.trials,
      fsc: { before: fscBefore, after: fsc },
      halfMaps,
      cycles: refined.cycles,
      shells:
        shells === null
          ? null
          : Object.fromEntries(
              Object.entries(shells).map(([key, list]: [string, Float64Array]) => [key, Array.from(list)]),
            ),
      bFactors: { refined: values.length, ...quantiles(values), histogram },
      average,
      shift,
      outside: refined.outside,
      placement,
    },
    lines: [output, ...summary(name, refined, values, histogram)],
  };
}

function quantiles(sorted: Float32Array): { readonly least: number; readonly median: number; readonly most: number } {
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  return { least: at(0), median: at(0.5), most: at(1) };
}

function summary(name: string, refined: Refined, sorted: Float32Array, histogram: Histogram): readonly string[] {
  const { halfMaps, fsc, fscBefore, restraintWeight, resolution } = refined;
  const { least, median, most } = quantiles(sorted);
  const change = (before: number | null, after: number | null): string =>
    `${before === null ? '' : `${before.toFixed(4)} → `}${after === null ? 'not told' : after.toFixed(4)}`;
  return [
    `${sorted.length.toLocaleString('en')} atoms of ${name} to ${resolution.toFixed(2)} Å${restraintWeight === null ? '' : `, restraint weight ${restraintWeight}`}`,
    `FSC with all data: ${change(fscBefore, fsc)}`,
    ...(halfMaps === null
      ? []
      : [
          `FSC work (half map 1): ${change(halfMaps.before.work, halfMaps.after.work)}; free (half map 2): ${change(halfMaps.before.free, halfMaps.after.free)}`,
        ]),
    `B-factors ${least.toFixed(1)} to ${most.toFixed(1)} Å², median ${median.toFixed(1)} Å²:`,
    ...histogramLines(histogram),
  ];
}
