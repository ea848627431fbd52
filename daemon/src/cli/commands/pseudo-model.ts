import { checkModelPath } from '../../engine/output-path.js';
import {
  buildPseudoModel,
  locscaleIterations,
  mostIterations,
  type PseudoModel,
  usualDistance,
} from '../../engine/steps/build-pseudo-model.js';
import { confidenceMask } from '../../engine/steps/confidence-mask.js';
import type { Runner } from '../../engine/runner.js';
import { writeModel } from '../../models/index.js';
import { compatibilityOf, mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { assertOneGrid, mapSource, type OpenMap, openMap, openSource, sourcePaths } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** False discovery rate of the confidence map that is made when no mask is given: LocScale's. */
const maskRate = 0.01;
const defaults = { threshold: 0.99, seed: 42 } as const;

/** `locscale pseudo-model`: fills the mask of a map with pseudo-atoms. */
export const pseudoModel: MapCommand = {
  name: 'pseudo-model',
  summary: 'build a pseudo-atomic model into a map',
  usage: 'MAP | -hm HALF1 HALF2  -o MODEL.cif  [-ma MASK] [options]',
  options: [
    mapOptions.map,
    mapOptions.halfMaps,
    works('ma', 'mask', '<map>', 'Mask or confidence map; without one a confidence map is made.'),
    works('o', 'outfile', '<model>', 'Model to write, mmCIF; its pseudo-atoms are residues named DUM.'),
    works('th', 'mask_threshold', '<confidence>', 'Value of the mask from which on voxels hold atoms (0.99).'),
    works('mw', 'molecular_weight', '<kDa>', 'Molecular weight that tells the number of atoms, instead of the mask.'),
    works(
      'pm',
      'pseudomodel_method',
      '<name>',
      'gradient: follow the map (default); kick, also random or random_placement_with_kick: only keep a distance.',
    ),
    works(
      'pm_it',
      'total_iterations',
      '<n>',
      `Iterations at most (${mostIterations}, atoms settle before; ${locscaleIterations} with --compat).`,
    ),
    works(
      'dst',
      'distance',
      '<angstrom>',
      'Preferred smallest distance of two atoms, Å (2; 1.2 with kick or --compat).',
    ),
    works(null, 'seed', '<n>', 'Seed of the places where atoms start (42).'),
    mapOptions.voxelSize,
    mapOptions.compatibility,
  ],
  run: async (given, maps, steps) => {
    const output = given.requiredPath('outfile', 'the model to write (-o model.cif)');
    const methods = ['gradient', 'kick', 'random', 'random_placement_with_kick'] as const;
    const method = (given.word('pseudomodel_method', methods) ?? 'gradient') === 'gradient' ? 'gradient' : 'kick';
    const kilodalton = given.positive('molecular_weight', 'kDa');
    const threshold = given.positive('mask_threshold', 'parts of 1') ?? defaults.threshold;
    const iterations = given.whole('total_iterations', 1, 100_000);
    const seed = given.whole('seed', 0, 2 ** 31 - 1) ?? defaults.seed;
    const compatibility = compatibilityOf(given);
    const distance = given.positive('distance', 'Å') ?? usualDistance(method, compatibility);
    const voxelSize = given.positive('apix', 'Å');
    const source = mapSource(given, maps);
    const maskPath = given.path('mask');
    await checkModelPath(output, [...sourcePaths(source), ...(maskPath === undefined ? [] : [maskPath])]);
    const { map } = await openSource(steps, source, voxelSize);
    const mask = await confidenceOf(steps, map, maskPath, voxelSize);

    const count = kilodalton === undefined ? ({ kind: 'mask' } as const) : ({ kind: 'weight', kilodalton } as const);
    const where = { map: map.voxels, mask, grid: map.grid, threshold, count };
    const request = { ...where, method, distance, iterations, compatibility, seed } as const;
    const built = await steps.run(buildPseudoModel, request, 'placing pseudo-atoms');
    await writeModel(output, { atoms: built.atoms, source: null });
    const facts = { output, mask: maskPath ?? null, threshold, method, distance, seed, compatibility };
    return { json: { ...facts, ...numbersOf(built) }, lines: [output, ...sentences(built, distance)] };
  },
};

async function confidenceOf(
  steps: Runner,
  map: OpenMap,
  path: string | undefined,
  voxelSize: number | undefined,
): Promise<Float32Array> {
  if (path === undefined) {
    const noise = { windowSize: undefined, centre: undefined };
    const request = { map: map.voxels, grid: map.grid, rate: maskRate, noise };
    return (await steps.run(confidenceMask, request, 'making a mask')).confidence;
  }
  const mask = await openMap(steps, path, { mayBeConstant: true, voxelSize });
  assertOneGrid(steps, { 'the map': map, 'the mask': mask });
  return mask.voxels;
}

const last = (column: Float64Array): number => column.at(-1) ?? NaN;
/** JSON has no infinity: no neighbour within reach. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function numbersOf({ atoms, nearest, history, ...facts }: PseudoModel): Readonly<Record<string, unknown>> {
  const iterations = Array.from(history.meanStep, (meanStep, i) => ({
    energy: finite(history.energy[i] ?? NaN),
    meanStep,
    closeContacts: history.closeContacts[i],
    medianNeighbour: finite(history.medianNeighbour[i] ?? NaN),
    inside: history.inside[i],
    meanMap: history.meanMap[i],
  }));
  return {
    atoms: atoms.elements.length,
    ...facts,
    iterations: iterations.length - 1,
    closest: finite(nearest.reduce((least, length) => Math.min(least, length), Infinity)),
    ...iterations.at(-1),
    history: iterations,
  };
}

function sentences({ atoms, nearest, history, ...facts }: PseudoModel, distance: number): readonly string[] {
  const count = atoms.elements.length;
  const closest = nearest.reduce((least, length) => Math.min(least, length), Infinity);
  const many = (n: number): string => n.toLocaleString('en');
  return [
    `${many(count)} pseudo-atoms in ${many(Math.round(facts.volume))} Å³ of mask, ${many(last(history.inside))} inside it`,
    `${facts.settled ? 'at rest' : 'not at rest'} after ${history.meanStep.length - 1} iterations; last mean step ${last(history.meanStep).toPrecision(2)} Å`,
    `nearest neighbours: median ${last(history.medianNeighbour).toFixed(2)} Å, least ${closest.toFixed(2)} Å; ${many(last(history.closeContacts))} atoms nearer than ${distance} Å`,
    `mean of the map at the atoms: ${(history.meanMap[0] ?? NaN).toPrecision(3)} at the start, ${last(history.meanMap).toPrecision(3)} now`,
  ];
}
