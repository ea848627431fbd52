import { writeAtomically, writeFully } from '../../volumes/atomic-file.js';
import { assertNotInput } from '../../volumes/index.js';
import { noiseBoxPicture } from '../../engine/noise-box-picture.js';
import { confidenceMask } from '../../engine/steps/confidence-mask.js';
import { cosineMask } from '../../engine/steps/filter-map.js';
import { mapMoments } from '../../engine/steps/map-moments.js';
import { mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { checkOutputs, type OpenMap, mapSource, openSource, saveMap, sourcePaths } from '../run/map-files.js';
import type { Runner } from '../../engine/runner.js';
import type { NoiseBoxes } from '../../engine/noise-boxes.js';
import type { MapCommand } from './map-command.js';

/** LocScale's false discovery rate. */
const defaultRate = 0.01;

/** `locscale mask`: confidence mask from a map or from half maps. */
export const mask: MapCommand = {
  name: 'mask',
  summary: 'make a confidence mask by control of the false discovery rate',
  usage: 'MAP | -hm HALF1 HALF2  -o MASK [options]',
  options: [
    mapOptions.map,
    mapOptions.halfMaps,
    works('o', 'outfile', '<map>', 'Mask to write: 1 inside, 0 outside.'),
    works(
      'fdr',
      'fdr_threshold',
      '<fraction>',
      'False discovery rate; voxels of confidence 1 - rate and more are inside (0.01).',
    ),
    works(
      'fdr_w',
      'fdr_window_size',
      '<voxels>',
      'Edge of the noise boxes (a tenth of the sections, rounded up to even).',
    ),
    works('fdr_f', 'fdr_filter', '<angstrom>', 'Low-pass filter before the test, Å (none).'),
    works(
      null,
      'noise_box',
      '<z,y,x>',
      'Voxel in the middle of one noise box of your own, in solvent (four boxes near the faces in y and x).',
    ),
    works(null, 'confidence', '<map>', 'Confidence map to write as well, 0 to 1.'),
    works(null, 'picture', '<png>', 'Picture to write of three slices with the noise boxes.'),
    works(null, 'cosine_edge', '<voxels>', 'Give the mask a soft edge of this kernel width; not for scaling.'),
    mapOptions.voxelSize,
  ],
  run: async (given, maps, steps) => {
    const output = given.requiredPath('outfile', 'the mask to write (-o mask.mrc)');
    const [confidence, picture] = [given.path('confidence'), given.path('picture')];
    const filter = given.positive('fdr_filter', 'Å');
    const rate = given.positive('fdr_threshold', 'parts of 1') ?? defaultRate;
    const noise = { windowSize: given.whole('fdr_window_size', 2, 1024), centre: given.voxel('noise_box') };
    const cosine = given.whole('cosine_edge', 1, 256);
    const voxelSize = given.positive('apix', 'Å');
    const source = mapSource(given, maps);
    const inputs = sourcePaths(source);
    await checkOutputs([output, ...(confidence === undefined ? [] : [confidence])], inputs);
    if (picture !== undefined) await assertNotInput(picture, inputs);
    const { map } = await openSource(steps, source, voxelSize);

    const request = { map: map.voxels, grid: map.grid, rate, filter, noise };
    const result = await steps.run(confidenceMask, request, 'testing the voxels');
    const binary = Float32Array.from(result.mask);
    const edge = { mask: binary, shape: map.grid.shape, length: cosine ?? 1 };
    const voxels = cosine === undefined ? binary : await steps.run(cosineMask, edge, 'softening the edge');
    await saveMap(output, map, { voxels }, `confidence mask, false discovery rate ${rate}`);
    if (confidence !== undefined) await saveMap(confidence, map, { voxels: result.confidence }, 'confidence map');
    if (picture !== undefined) await savePicture(steps, picture, map, result.boxes);

    const { maskedVoxels, noiseMean, noiseVariance, ballVoxels, mapThreshold, boxes } = result;
    const files = { output, confidence: confidence ?? null, picture: picture ?? null };
    const sd = Math.sqrt(noiseVariance);
    return {
      json: {
        ...files,
        rate,
        maskedVoxels,
        ballVoxels,
        mapThreshold,
        noise: { mean: noiseMean, variance: noiseVariance, ...boxes },
      },
      lines: [
        output,
        `${maskedVoxels.toLocaleString('en')} voxels of confidence ${1 - rate} and more; contour level about ${(mapThreshold ?? 0).toPrecision(4)}` +
          `${filter === undefined ? '' : ' of the filtered map'}; noise ${noiseMean.toPrecision(3)} ± ${sd.toPrecision(3)}`,
      ],
    };
  },
};

async function savePicture(steps: Runner, path: string, map: OpenMap, boxes: NoiseBoxes): Promise<void> {
  const moments = await steps.run(mapMoments, { voxels: map.voxels }, 'drawing the noise boxes');
  const png = noiseBoxPicture(map.voxels, map.grid.shape, boxes, moments);
  await writeAtomically(path, png.length, (file) => writeFully(file, png));
}
