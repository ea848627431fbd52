import type { RecipeInputs, ScaleWindows, VolumeSource } from '../../engine/index.js';
import { ProgressClock } from '../../jobs/progress-clock.js';
import { statePaths } from '../../state.js';
import { openStore } from '../../store/index.js';
import type { SharpenRequest } from '../options/request.js';
import type { ProgressView } from '../output/progress.js';
import { mainNumbers } from '../output/result.js';
import type { RunOutcome } from './outcome.js';

/**
 * Evaluates the recipe in this process (`--no-daemon`); its threads are those that the affinity mask of the process allows.
 * `scaleWindows`: scales with the help of other processes.
 */
export async function runInProcess(
  request: SharpenRequest,
  view: ProgressView,
  signal: AbortSignal,
  note: (text: string) => void,
  scaleWindows?: ScaleWindows,
): Promise<RunOutcome> {
  // Loaded only here: every other command works without the native addon.
  const { evaluate } = await import('../../engine/index.js');
  const store = await openStore(statePaths().store, note);
  const clock = new ProgressClock((progress) => view.update(progress));
  try {
    const { recipe, parameters, output } = request;
    const { files, timings, warnings, provenance } = await evaluate(
      { recipe, inputs: sources(request), parameters, outputPath: output, store },
      { signal, onProgress: (progress) => clock.hear(progress), scaleWindows },
    );
    return { job: null, files, timings, warnings, ...mainNumbers(provenance) };
  } finally {
    clock.stop();
  }
}

function sources({ inputs, models }: SharpenRequest): RecipeInputs {
  const map = (path: string): VolumeSource => ({ kind: 'mrc', path });
  return Object.fromEntries([
    ...Object.entries(inputs).map(([name, path]) => [name, typeof path === 'string' ? map(path) : path.map(map)]),
    ...Object.entries(models).map(([name, path]) => [name, { kind: 'model', path }]),
  ]) as RecipeInputs;
}
