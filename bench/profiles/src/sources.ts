import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { combineHalfMaps } from '@locscale/native';
import { readVolume } from '@locscale/daemon/dist/volumes/index.js';
import { cubicBox } from '../../../demo/dist/simulation/box.js';
import { buildStructure } from '../../../demo/dist/structure/structure.js';
import { readAtoms } from './deposited.js';
import { aroundAtoms, type Experiment, simulate } from './experiment.js';

/** Protein Data Bank entries: helices, sheets and mixed; two of them solved by electron microscopy (6NWP, 5NI1). */
const entries = ['1A28', '1DQK', '1EVE', '3U7W', '6NWP', '5NI1'] as const;

export type SourceName = 'demo' | 'models' | 'golden';

/** Experiments are simulated one at a time, when they are wanted; `missing` says what the source lacks. */
export interface Source {
  readonly name: SourceName;
  readonly missing: string | null;
  readonly experiments: readonly (() => Promise<Experiment>)[];
}

const need = (path: string): string | null => (existsSync(path) ? null : `${path} does not exist`);

/** LocScale's own test case: its half maps, its reference and its mask; the truth is simulated from its model. */
const golden = async (folder: string): Promise<Experiment> => {
  const read = async (name: string): Promise<Float32Array> => (await readVolume(join(folder, name))).voxels;
  const box = cubicBox(96, 1.2);
  return {
    name: 'cube96-6wqa',
    box,
    ...(await aroundAtoms(await readAtoms(join(folder, 'model.cif.gz')), box)),
    map: await combineHalfMaps(await read('half1.mrc.gz'), await read('half2.mrc.gz')),
    model: await read('model_map.mrc.gz'),
    mask: Uint8Array.from(await read('mask.mrc.gz'), (v) => (v >= 0.5 ? 1 : 0)),
    // Where the FSC of its half maps falls to 0.143.
    resolution: 3.7,
  };
};

/** What can be measured: the demonstration's structure always, the others with the folders of shared data. */
export const sourcesIn = (shared: string, seeds: number): readonly Source[] => {
  const models = join(shared, 'data/models');
  const goldenFolder = join(shared, 'golden/cube96-6wqa');
  return [
    {
      name: 'demo',
      missing: null,
      experiments: Array.from({ length: seeds }, (_, i) => () => {
        const seed = i + 1;
        return simulate('demonstration', buildStructure({ seed }), seed);
      }),
    },
    {
      name: 'models',
      missing: need(models),
      experiments: entries.flatMap((entry) =>
        Array.from({ length: Math.ceil(seeds / 2) }, (_, i) => async () => {
          return simulate(entry, await readAtoms(join(models, `${entry}.pdb.gz`)), i + 1);
        }),
      ),
    },
    { name: 'golden', missing: need(goldenFolder), experiments: [() => golden(goldenFolder)] },
  ];
};
