import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '@chimerax-like/rpc';
import { combineHalfMaps } from '@locscale/native';
import { writeVolume } from '@locscale/daemon/dist/volumes/index.js';
import { compareMaps, type Findings } from './analysis/compare.js';
import { regionClasses } from './analysis/correlation.js';
import { angstrom } from './page/figures.js';
import { renderPage } from './page/page.js';
import { sliceGrid } from './page/slices.js';
import { Stopwatch } from './stopwatch.js';
import { withOwnDaemon } from './own-daemon.js';
import { sharpenThroughDaemon, type Sharpened } from './sharpen.js';
import { type Box, centreInBox, cubicBox } from './simulation/box.js';
import { simulateExperiment } from './simulation/experiment.js';
import { bFactorGain, filterMap, lowPassGain } from './simulation/fourier.js';
import { envelopeOf, softMask } from './simulation/mask.js';
import { toMmcif } from './structure/cif.js';
import { buildStructure } from './structure/structure.js';

export interface DemoOptions {
  /** Absolute folder for everything the demonstration writes. */
  readonly output: string;
  readonly seed: number;
  /** Edge of the box in voxels, and of a voxel in Å; the structure needs about 105 Å. */
  readonly edge: number;
  readonly voxelSize: number;
  /** Resolution of the half maps, Å. */
  readonly resolution: number;
  readonly onPart: (part: string, seconds: number) => void;
  readonly onProgress: (progress: Progress) => void;
}

export interface DemoResult {
  readonly page: string;
  readonly findings: Findings;
  readonly seconds: number;
}

/** Physics of the simulation; Å² and degrees. */
const imaging = { overallB: 90, angularError: 3, noiseB: 40 } as const;
/**
 * Å from the nearest atom. Correlations are taken over `molecule`; the job scales everything within `mask`; the soft mask of
 * the FSC falls from 1 at `molecule` to 0 at `mask`, so that it sees scaled voxels only.
 */
const reach = { molecule: 3, mask: 6 } as const;

const files = [
  ['structure.cif', 'the structure, B-factors included, in the frame of the maps'],
  ['half1.mrc, half2.mrc', 'the simulated half maps'],
  ['unsharpened.mrc', 'their mean'],
  ['reference.mrc', 'map of the imperfect model, low-passed at the resolution'],
  ['mask.mrc', 'everything within 6 Å of an atom: what the job scales'],
  ['sharpened.mrc', 'the result, written by the daemon'],
  ['truth.mrc', 'density of the structure without noise and overall blur'],
] as const;

/** Globally sharpened map for comparison: the overall B taken off, low-passed at the resolution. */
const sharpenGlobally = async (map: Float32Array, box: Box, resolution: number): Promise<Float32Array> => {
  const [sharpen, lowPass] = [bFactorGain(-imaging.overallB), lowPassGain(resolution)];
  return Float32Array.from(await filterMap(Float64Array.from(map), box, (f2) => sharpen(f2) * lowPass(f2)));
};

const provenanceOf = (options: DemoOptions, { job, hello }: Sharpened, atoms: number, maskVoxels: number) =>
  [
    ['LocScale', `${hello.version}, API ${hello.api}`],
    ['engine', `SIMD ${hello.engine.simd ?? 'none'}, ${hello.engine.threads} threads`],
    ['machine', `${availableParallelism()} processors, ${process.platform} ${process.arch}, Node ${process.version}`],
    ['job', `${job.id}, recipe ${job.recipe}, window 25 Å (default)`],
    ['seed', String(options.seed)],
    ['structure', `${atoms.toLocaleString('en')} atoms, ${maskVoxels.toLocaleString('en')} voxels in the mask`],
    ['box', `${options.edge}³ voxels of ${options.voxelSize} Å`],
    ['blur', `B ${imaging.overallB} Å² at the centre, orientation errors of ${imaging.angularError}° r.m.s.`],
    ['noise', `Gaussian, falling with B ${imaging.noiseB} Å², set for FSC 0.143 at ${options.resolution} Å`],
    ['scattering', 'electrons, Peng et al. (1996), International Tables C 4.3.2.2'],
    ['made', new Date().toISOString()],
  ] as const;

/** Builds the inputs, sharpens them through a daemon of its own, compares with the truth and writes the page. */
export const runDemo = async (options: DemoOptions): Promise<DemoResult> => {
  const { output, seed, resolution } = options;
  const watch = new Stopwatch(options.onPart);
  const path = (name: string): string => join(output, name);
  await mkdir(output, { recursive: true });

  const box = cubicBox(options.edge, options.voxelSize);
  const atoms = await watch.time('build the structure', () => centreInBox(buildStructure({ seed }), box));
  const shell = envelopeOf(atoms, box, reach.molecule, reach.mask);
  const mask = shell.distance.map((d) => (d <= reach.mask ? 1 : 0));
  const soft = softMask(shell, reach.molecule, reach.mask - reach.molecule);
  const experiment = await watch.time('simulate half maps, reference and truth', () =>
    simulateExperiment(atoms, box, soft, { seed, resolution, ...imaging }),
  );
  const unsharpened = await combineHalfMaps(experiment.half1, experiment.half2);

  await watch.time('write the maps', async () => {
    const voxelSize: [number, number, number] = [options.voxelSize, options.voxelSize, options.voxelSize];
    const grid = {
      shape: [...box.shape] as [number, number, number],
      voxelSize,
      origin: [0, 0, 0] as [number, number, number],
    };
    const maps = { ...experiment, unsharpened, mask };
    for (const [name, voxels] of Object.entries(maps))
      await writeVolume(path(`${name}.mrc`), {
        grid,
        voxels,
        labels: [`LocScale demonstration: ${name}, seed ${seed}`],
      });
    await writeFile(path('structure.cif'), toMmcif(atoms, 'locscale_demonstration'));
  });

  const inputs = {
    halfMaps: [path('half1.mrc'), path('half2.mrc')],
    reference: path('reference.mrc'),
    mask: path('mask.mrc'),
    output: path('sharpened.mrc'),
  } as const;
  const sharpened = await withOwnDaemon(path('daemon'), watch, (daemon) =>
    watch.time('sharpen through the daemon', () => sharpenThroughDaemon(daemon, inputs, options.onProgress)),
  );

  const tail = envelopeOf(
    atoms.filter((atom) => atom.region === 'tail'),
    box,
    reach.molecule,
    reach.molecule,
  ).mask;
  const maps = {
    ...experiment,
    unsharpened,
    sharpened: sharpened.voxels,
    global: await sharpenGlobally(unsharpened, box, resolution),
  };
  const findings = await watch.time('compare with the truth', () =>
    compareMaps(maps, box, shell, soft, regionClasses(shell, tail), resolution),
  );
  const slices = await watch.time('draw the slices', () =>
    sliceGrid(
      [
        { label: 'Unsharpened', note: 'mean of the half maps', map: maps.unsharpened },
        {
          label: 'One global B',
          note: `B = ${imaging.overallB} Å² off, low-pass ${angstrom(resolution)}`,
          map: maps.global,
        },
        { label: 'Sharpened locally', note: 'result of the job', map: maps.sharpened },
        { label: 'Truth', note: 'no noise, no overall blur', map: maps.truth },
      ],
      atoms,
      box,
      shell.mask,
    ),
  );
  const maskVoxels = mask.reduce((sum, inside) => sum + inside, 0);
  const page = path('index.html');
  await writeFile(
    page,
    renderPage({
      findings,
      slices,
      timings: watch.timings,
      provenance: provenanceOf(options, sharpened, atoms.length, maskVoxels),
      files,
      nyquist: 1 / (2 * options.voxelSize),
      globalB: imaging.overallB,
    }),
  );
  return { page, findings, seconds: watch.timings.reduce((sum, { seconds }) => sum + seconds, 0) };
};
