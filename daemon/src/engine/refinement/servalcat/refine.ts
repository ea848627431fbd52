import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Grid, LocScaleError, type Warning } from '@chimerax-like/rpc';
import { type ModelColumns, writeModelText } from '@locscale/native';
import { readModel } from '../../../models/index.js';
import { plural, writeVolume } from '../../../volumes/index.js';
import type { EngineHooks, Refined, RefinementTask, ServalcatCycle } from '../types.js';
import { atomKeys, expectUnique } from './atom-keys.js';
import { files, fscOfLine, servalcatArguments, servalcatCycles, startB } from './command.js';
import { findServalcat } from './find.js';
import { fillFromNeighbours } from './neighbours.js';
import { ended, runProgram } from './run-program.js';

export interface ServalcatHooks extends EngineHooks {
  readonly warn: (warning: Warning) => void;
}

/** Refines with the servalcat that is on the PATH, in a folder of its own, which is removed afterwards. */
export async function refineByServalcat(
  task: RefinementTask,
  name: string,
  { signal, report, warn }: ServalcatHooks,
): Promise<Refined> {
  const { atoms, maps, resolution, restraintWeight, pseudo } = task;
  if (restraintWeight !== undefined || pseudo !== undefined)
    throw new LocScaleError(
      'input.parameter',
      `servalcat weighs its restraints itself and takes no ${restraintWeight === undefined ? 'pseudo-atoms' : 'restraint weight'}; leave that out or use the built-in engine.`,
    );
  const { path, variant } = await findServalcat();
  expectUnique(atoms, name);
  const folder = await mkdtemp(join(tmpdir(), 'locscale-servalcat-'));
  try {
    await writeInputs(folder, task);
    const cycles: ServalcatCycle[] = [];
    const onLine = (line: string): void => {
      const fsc = fscOfLine(line);
      if (fsc === null) return;
      cycles.push({ stage: 0, against: 'all data', restraintWeight: null, fscWork: fsc, fscFree: null });
      report(
        Math.min(cycles.length / (servalcatCycles + 1), 1),
        `cycle ${cycles.length}: servalcat, FSC ${fsc.toFixed(4)}`,
      );
    };
    const log = await runProgram({
      path,
      args: servalcatArguments(variant, maps.kind, resolution),
      folder,
      signal,
      onLine,
    });
    const found = await readModel(join(folder, files.refined), { signal }).catch((error: unknown) => {
      throw ended(
        path,
        `left no usable ${files.refined} (${error instanceof Error ? error.message : String(error)})`,
        log,
      );
    });
    const refinedB = matched(atoms, found.atoms);
    const refined = Uint8Array.from(refinedB, (b) => Number(!Number.isNaN(b)));
    const heavyMissing = refinedB.filter((b, i) => Number.isNaN(b) && atoms.elements[i] !== 1).length;
    if (heavyMissing === refinedB.filter((_, i) => atoms.elements[i] !== 1).length)
      throw ended(path, `gave back none of the ${atoms.elements.length} atoms of ${name}`, log);
    if (heavyMissing > 0)
      warn({
        kind: 'refinement.missing-atoms',
        message: `${name}: servalcat did not give back ${plural(heavyMissing, 'atom', 'atoms')}; they got the mean B-factor of neighbours.`,
      });
    return {
      engine: 'servalcat',
      program: `${path} ${variant}`,
      bFactors: fillFromNeighbours(refinedB, atoms.positions),
      refined,
      resolution,
      restraintWeight: null,
      fscBefore: cycles[0]?.fscWork ?? null,
      fsc: cycles.at(-1)?.fscWork ?? null,
      halfMaps: null,
      trials: [],
      cycles,
      shells: null,
      outside: 0,
      atBounds: 0,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Maps and model in one frame that begins at 0: servalcat looks at neither origin nor start words. */
async function writeInputs(folder: string, { atoms, grid, maps, mask }: RefinementTask): Promise<void> {
  const own: Grid = { ...grid, origin: [0, 0, 0] };
  const write = async (name: string, map: Float32Array): Promise<void> => {
    const voxels = mask === undefined ? map : map.map((value, i) => value * (mask[i] ?? 0));
    await writeVolume(join(folder, name), { grid: own, voxels });
  };
  if (maps.kind === 'map') await write(files.map, maps.map);
  else {
    await write(files.half1, maps.half1);
    await write(files.half2, maps.half2);
  }
  const moved: ModelColumns = {
    ...atoms,
    positions: atoms.positions.map((value, i) => value - (grid.origin[i % 3] ?? 0)),
    bFactors: new Float32Array(atoms.bFactors.length).fill(startB),
  };
  const text = new TextDecoder().decode(await writeModelText(moved, null));
  const [nz, ny, nx] = grid.shape;
  const [a, b, c] = grid.voxelSize;
  const cell = [
    ...[`length_a ${(nx * a).toFixed(4)}`, `length_b ${(ny * b).toFixed(4)}`, `length_c ${(nz * c).toFixed(4)}`],
    ...['angle_alpha 90', 'angle_beta 90', 'angle_gamma 90'],
  ].map((item) => `_cell.${item}\n`);
  const [head = '', ...rest] = text.split('\n');
  await writeFile(
    join(folder, files.model),
    `${head}\n${cell.join('')}_symmetry.space_group_name_H-M 'P 1'\n${rest.join('\n')}`,
  );
}

/** B-factors of the model that came back, for the atoms of ours by name; NaN where one is missing. */
function matched(atoms: ModelColumns, found: ModelColumns): Float32Array {
  const byKey = new Map(atomKeys(found).map((key, i) => [key, found.bFactors[i] ?? NaN]));
  return Float32Array.from(atomKeys(atoms), (key, i) => (atoms.elements[i] === 1 ? NaN : (byKey.get(key) ?? NaN)));
}
