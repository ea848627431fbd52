import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { LocScaleError } from '@chimerax-like/rpc';

/** How servalcat refines: with CCP4's REFMAC5, as LocScale does, or with its own engine. */
export type ServalcatVariant = 'refine_spa' | 'refine_spa_norefmac';

export interface Servalcat {
  readonly path: string;
  readonly variant: ServalcatVariant;
}

/** First program of this name on a PATH, or undefined. */
async function onPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const candidate = join(folder, name);
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return candidate;
  }
  return undefined;
}

/** The servalcat of the user, and which of its engines can be used; one sentence when there is none. */
export async function findServalcat(path = process.env['PATH'] ?? ''): Promise<Servalcat> {
  const program = await onPath('servalcat', path);
  if (program === undefined)
    throw new LocScaleError(
      'input.missing',
      'The refinement engine servalcat is wanted, but no program of that name is on the PATH; install servalcat, or leave --refinement_engine out to use the built-in engine.',
    );
  if ((await onPath('refmac5', path)) !== undefined) return { path: program, variant: 'refine_spa' };
  // Old versions cannot keep positions fixed without REFMAC5.
  const help = await promisify(execFile)(program, ['refine_spa_norefmac', '-h']).then(
    ({ stdout, stderr }) => stdout + stderr,
    () => '',
  );
  if (help.includes('--fix_xyz')) return { path: program, variant: 'refine_spa_norefmac' };
  throw new LocScaleError(
    'input.missing',
    `${program} does not know refine_spa_norefmac with --fix_xyz (servalcat 0.4.15 and later do), and refmac5 is not on the PATH; install either, or use the built-in engine.`,
  );
}
