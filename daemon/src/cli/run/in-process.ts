import type { RecipeInputs, VolumeSource } from '../../engine/index.js';
import { ProgressClock } from '../../jobs/progress-clock.js';
import type { SharpenRequest } from '../options/request.js';
import type { ProgressView } from '../output/progress.js';
import { mainNumbers } from '../output/result.js';
import type { RunOutcome } from './outcome.js';

/** Evaluates the recipe in this process (`--no-daemon`); its threads are those that the affinity mask of the process allows. */
export async function runInProcess(
  request: SharpenRequest,
  view: ProgressView,
  signal: AbortSignal,
): Promise<RunOutcome> {
  // Loaded only here: every other command works without the native addon.
  const { evaluate } = await import('../../engine/index.js');
  const clock = new ProgressClock((progress) => view.update(progress));
  try {
    const { parameters, output } = request;
    const { files, timings, warnings, provenance } = await evaluate(
      { recipe: 'reference-map', inputs: recipeInputs(request), parameters, outputPath: output },
      { signal, onProgress: (progress) => clock.hear(progress) },
    );
    return { job: null, files, timings, warnings, ...mainNumbers(provenance) };
  } finally {
    clock.stop();
  }
}

function recipeInputs({ source, reference, mask }: SharpenRequest): RecipeInputs {
  const file = (path: string): VolumeSource => ({ kind: 'mrc', path });
  const others = { reference: file(reference), mask: file(mask) };
  return source.kind === 'map'
    ? { map: file(source.path), ...others }
    : { halfMaps: [file(source.half1), file(source.half2)], ...others };
}
