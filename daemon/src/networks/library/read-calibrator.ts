import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LocScaleError } from '@chimerax-like/rpc';
import { type Calibrator, calibratorSchema } from './manifest.js';

/** The calibrator that LocScale 2.3.1 loads for EMmerNet (its `calibrator_locscale_target_seed_42.pickle`, 454 knots). */
const ofEmmernet = fileURLToPath(new URL('../../../data/networks/emmernet-calibrator.json', import.meta.url));

/** A calibrator from a JSON file, or EMmerNet's by the word `emmernet`. */
export async function readCalibrator(given: string): Promise<Calibrator> {
  const path = given === 'emmernet' ? ofEmmernet : given;
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null)
    throw new LocScaleError(
      'input.missing',
      `There is no calibrator ${given}; give a JSON file, or the word emmernet for that of EMmerNet.`,
    );
  const parsed = calibratorSchema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new LocScaleError(
    'input.format',
    `${given} is not a calibrator: {"kind": "isotonic", "samples": 15, "x": […], "y": […]} with knots that do not decrease was expected.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
