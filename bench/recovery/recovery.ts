import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Grid } from '@chimerax-like/rpc';
import { type Atoms, type ModelColumns, refineAdp } from '@locscale/native';
import { refinementResolution } from '@locscale/daemon/dist/engine/refinement/resolution.js';
import { readModel } from '@locscale/daemon/dist/models/index.js';
import type { Bench, BenchContext } from '../measurement.js';
import { boxEdge, pick, recovery, simulated, type Simulation, smoothRecovery } from './simulated.js';

/** Deposited models beside the repository, or where `LOCSCALE_MODELS` says. */
const folder =
  process.env['LOCSCALE_MODELS'] ?? fileURLToPath(new URL('../../../../shared/data/models', import.meta.url));
/** Four to five thousand atoms each: proteins alone and together, one with DNA. */
const files = ['3HXR.pdb.gz', '1HWU.pdb.gz', '1J59.cif.gz', '5NI1.pdb.gz'];

/** What is wanted at each resolution: error of 25 Å means in Å², correlation atom by atom, the same with 5 % of scatter. */
const wanted = [
  { resolution: 2.5, voxelSize: 1, error: 0.6, correlation: 0.99, scattered: 0.95 },
  { resolution: 3.5, voxelSize: 1.1, error: 0.6, correlation: 0.98, scattered: 0.93 },
  { resolution: 4.5, voxelSize: 1.1, error: 1.2, correlation: 0.95, scattered: 0.8 },
] as const;

interface Case {
  readonly name: string;
  readonly simulation: Omit<Simulation, 'edge'>;
  /** Which atoms are left in the model; all by default. */
  readonly left?: (atoms: Atoms) => Atoms;
  readonly error?: number;
  readonly correlation?: number;
}

const fifth = 0.2;

/** Without the fifth of the atoms that lies farthest along x. */
function withoutAnEnd(atoms: Atoms): Atoms {
  const along = atoms.positions.filter((_, i) => i % 3 === 0).sort();
  const limit = along[Math.floor((1 - fifth) * along.length)] ?? 0;
  return pick(atoms, (x) => x < limit);
}

/** Without every fifth atom. */
const withoutSome = (atoms: Atoms): Atoms => pick(atoms, (_, i) => i % 5 !== 0);

function casesAt({ resolution, voxelSize, error, correlation, scattered }: (typeof wanted)[number]): readonly Case[] {
  const white = { resolution, voxelSize };
  // Coloured noise: exp(100 / 4 / 3.5²) = 7.7 times in amplitude at low resolution.
  const coloured = { ...white, noiseB: 100 };
  return [
    { name: 'smooth', simulation: white, error, correlation },
    { name: 'scattered by 5 %', simulation: { ...white, scatter: 0.05 }, correlation: scattered },
    { name: 'coloured noise', simulation: coloured },
    { name: 'one end missing', simulation: white, left: withoutAnEnd },
    { name: 'every fifth atom missing', simulation: white, left: withoutSome },
    { name: 'one end missing, coloured noise', simulation: coloured, left: withoutAnEnd },
  ];
}

async function measure(context: BenchContext, file: string, model: ModelColumns, one: Case): Promise<void> {
  const { name, simulation, left, error, correlation } = one;
  const { resolution, voxelSize } = simulation;
  const { atoms, grid, half1, half2 } = await simulated(model, { ...simulation, edge: boxEdge(model, voxelSize) });
  const some = left === undefined ? atoms : left(atoms);
  const blank = { ...some, bFactors: new Float32Array(some.bFactors.length).fill(40) };
  // As `locscale refine-adp` does: what the half maps have in common near the model counts, not in the box with its solvent.
  const maps = { kind: 'half maps', half1, half2 } as const;
  const box: Grid = { shape: [...grid.shape], voxelSize: [...grid.voxelSize], origin: [...grid.origin] };
  const { signal } = new AbortController();
  const finest = await refinementResolution({ maps, grid: box, atoms: some, asked: undefined }, signal);
  const result = await refineAdp({ atoms: blank, grid, maps: [half1, half2], resolution: finest });
  const each = recovery(result.bFactors, some.bFactors);
  const means = await smoothRecovery(result.bFactors, some);
  const title = `${file.slice(0, 4)}, ${resolution} Å, ${name}`;
  context.note(
    `${title}: ${some.elements.length} atoms, data to ${finest.toFixed(1)} Å, weight ${result.restraintWeight}; atoms: correlation ${each.correlation.toFixed(3)}, ` +
      `error ${each.error.toFixed(1)} Å², slope ${each.slope.toFixed(2)}; 25 Å means: error ${means.error.toFixed(2)} Å², slope ${means.slope.toFixed(2)}`,
  );
  const limit = (value: number | undefined) =>
    value === undefined ? {} : { against: { what: 'what is asked for', value, goal: 1 } };
  context.report({ case: `${title}, error of 25 Å means`, value: means.error, unit: 'Å²', ...limit(error) });
  const missing = correlation === undefined ? undefined : 1 - correlation;
  context.report({ case: `${title}, 1 - correlation`, value: 1 - each.correlation, unit: '', ...limit(missing) });
}

export const recoveryBench: Bench = {
  name: 'recovery',
  about: 'B-factors of deposited models, found again in simulated half maps at 2.5, 3.5 and 4.5 Å: errors, not times',
  async run(context) {
    for (const file of files) {
      const path = join(folder, file);
      if (!existsSync(path)) {
        context.note(`${file} is left out: it is not in ${folder}; name the folder of models by LOCSCALE_MODELS.`);
        continue;
      }
      const { atoms } = await readModel(path);
      for (const one of wanted.flatMap(casesAt)) await measure(context, file, atoms, one);
    }
  },
};
