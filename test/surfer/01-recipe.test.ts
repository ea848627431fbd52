import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Grid } from '@chimerax-like/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// The compiled rooms: the threads of networks cannot be started from TypeScript.
import { evaluate } from '../../daemon/dist/engine/index.js';
import { openStore } from '../../daemon/dist/store/index.js';
import { readVolume, writeVolume } from '../../daemon/dist/volumes/index.js';
import { Workplace } from '../cli/locscale.js';
import { keepThresholdNetwork } from './threshold-network.js';

type Shape = readonly [number, number, number];
const fine = { voxelSize: 1.5, stride: 10, resampling: 'fourier', output: 'logit' } as const;

let workplace: Workplace;
let store: Awaited<ReturnType<typeof openStore>>;
const before = process.env['LOCSCALE_HOME'];
beforeAll(async () => {
  workplace = await Workplace.create();
  process.env['LOCSCALE_HOME'] = workplace.path('home');
  await keepThresholdNetwork(join(workplace.path('home'), 'networks'), fine);
  await keepThresholdNetwork(
    join(workplace.path('home'), 'networks'),
    { ...fine, voxelSize: 3, resampling: 'quadratic' },
    'coarse',
  );
  await keepThresholdNetwork(join(workplace.path('home'), 'networks'), undefined, 'other');
  store = await openStore(workplace.path('store'), () => undefined);
});
afterAll(async () => {
  if (before === undefined) delete process.env['LOCSCALE_HOME'];
  else process.env['LOCSCALE_HOME'] = before;
  await workplace.close();
});

const gridOf = (shape: Shape, voxelSize = 1.5): Grid => ({
  shape: [...shape],
  voxelSize: [voxelSize, voxelSize, voxelSize],
  origin: [3, -6, 9],
});

/** 1 in two balls, 0 elsewhere; centres as parts of the box, radii in voxels. */
function twoBalls([nz, ny, nx]: Shape, radii: readonly [number, number]): Float32Array {
  const centres = [
    [0.35, 0.3, 0.3],
    [0.7, 0.7, 0.75],
  ] as const;
  const voxels = new Float32Array(nz * ny * nx);
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++)
        for (const [index, [cz, cy, cx]] of centres.entries())
          if (Math.hypot(z - cz * nz, y - cy * ny, x - cx * nx) <= (radii[index] as number)) voxels[at] = 1;
  return voxels;
}
const count = (voxels: Float32Array): number => voxels.reduce((sum, value) => sum + (value > 0.5 ? 1 : 0), 0);

async function map(name: string, shape: Shape, voxels: Float32Array, voxelSize?: number): Promise<string> {
  const path = workplace.path(name);
  await writeVolume(path, { grid: gridOf(shape, voxelSize), voxels, labels: ['test'] });
  return path;
}

interface Facts {
  readonly components: number;
  readonly volumes: readonly number[];
  readonly contextVolume: number;
  readonly highest: number;
}
interface Ran {
  readonly cleaned: Float32Array;
  readonly context: Float32Array;
  readonly mask: Float32Array;
  readonly facts: Facts;
  readonly warnings: readonly string[];
  readonly steps: readonly { readonly name: string; readonly from: string }[];
}

async function surfer(
  inputs: Readonly<Record<string, string | readonly string[]>>,
  parameters: object,
  kept = false,
): Promise<Ran> {
  const output = workplace.path(`out-${Math.random()}.mrc`);
  const file = (path: string): { readonly kind: 'mrc'; readonly path: string } => ({ kind: 'mrc', path });
  const { provenance, warnings } = await evaluate({
    recipe: 'surfer',
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, path]) => [name, typeof path === 'string' ? file(path) : path.map(file)]),
    ),
    parameters: { network: 'denser', device: 'cpu', ...parameters },
    outputPath: output,
    store: kept ? store : null,
  });
  const read = async (suffix: string): Promise<Float32Array> =>
    (await readVolume(output.replace('.mrc', `${suffix}.mrc`), { requireSignal: false })).voxels;
  return {
    cleaned: await read(''),
    context: await read('_micelle_prediction'),
    mask: await read('_micelle_mask'),
    facts: provenance['context'] as Facts,
    warnings: warnings.map(({ message }) => message),
    steps: provenance['steps'] as Ran['steps'],
  };
}

describe('the recipe surfer', () => {
  const shape: Shape = [30, 27, 33];
  let voxels: Float32Array;
  let path: string;
  beforeAll(async () => {
    voxels = twoBalls(shape, [6, 4]);
    path = await map('map.mrc', shape, voxels);
  });

  it('finds what its network finds, takes the largest piece out and tells all volumes', async () => {
    const { cleaned, context, mask, facts } = await surfer({ map: path }, { smoothing: 1 });
    expect(context.every((value, at) => value >= 0.5 === ((voxels[at] as number) === 1))).toBe(true);
    const [large, small] = [count(twoBalls(shape, [6, 0])) - 1, count(voxels) - count(twoBalls(shape, [6, 0])) + 1];
    expect(facts.components).toBe(2);
    expect(facts.volumes[0]).toBeCloseTo((count(mask) * 27) / 8, 3);
    expect(Math.abs((facts.volumes[0] as number) / (27 / 8) - large)).toBeLessThanOrEqual(1);
    expect(Math.abs((facts.volumes[1] as number) / (27 / 8) - small)).toBeLessThanOrEqual(1);
    expect(cleaned.every((value, at) => value === (voxels[at] as number) * (1 - (mask[at] as number)))).toBe(true);
    expect(count(cleaned)).toBe(count(voxels) - count(mask));
  });

  it('takes all pieces, smooths, and gives the context alone', async () => {
    const all = await surfer({ map: path }, { smoothing: 1, largestSegment: false });
    expect(count(all.cleaned)).toBe(0);
    const inverse = await surfer({ map: path }, { smoothing: 1, largestSegment: false, inverse: true });
    expect(inverse.cleaned).toEqual(voxels);
    const smooth = await surfer({ map: path }, { smoothing: 5, largestSegment: false });
    expect(smooth.mask.some((value) => value > 0.01 && value < 0.99)).toBe(true);
    expect(smooth.cleaned).not.toEqual(all.cleaned);
  });

  it('says so when nothing is found, and leaves the target as it is', async () => {
    // Nothing is denser than the mean by as much as a probability of 1 needs.
    const noise = Float32Array.from(voxels, (_, at) => Math.sin(at) * 0.5);
    const flat = await map('flat.mrc', shape, noise);
    const { cleaned, facts, warnings } = await surfer({ map: flat }, { threshold: 1 });
    expect(cleaned).toEqual(noise);
    expect(facts).toMatchObject({ components: 0, volumes: [], contextVolume: 0 });
    expect(warnings.join()).toMatch(
      /No voxel reaches the threshold 1 \(the highest probability is 0\.\d+\), so the map is unchanged; lower/u,
    );
  });

  it('runs no network again when only threshold, smoothing or choice of pieces change', async () => {
    const first = await surfer({ map: path }, {}, true);
    expect(first.steps.find(({ name }) => name === 'segmentContext')?.from).toBe('computed');
    const again = await surfer({ map: path }, { threshold: 0.3, smoothing: 3, largestSegment: false }, true);
    expect(again.steps.find(({ name }) => name === 'segmentContext')?.from).toBe('store');
    expect(again.context).toEqual(first.context);
    expect(again.cleaned).not.toEqual(first.cleaned);
  });

  it('takes half maps, and any mode of voxels', async () => {
    const half1 = await map(
      'half1.mrc',
      shape,
      voxels.map((value, at) => value + 0.01 * Math.sin(at)),
    );
    const half2 = await map(
      'half2.mrc',
      shape,
      voxels.map((value, at) => value - 0.01 * Math.sin(at)),
    );
    const halves = await surfer({ halfMaps: [half1, half2] }, { smoothing: 1 });
    expect(halves.facts.components).toBe(2);
    const bytes = await readFile(path);
    // Mode 0: signed bytes. SURFER itself takes 32-bit floats alone.
    const integers = Buffer.concat([
      bytes.subarray(0, 1024),
      Buffer.from(Int8Array.from(voxels, (value) => value * 100).buffer),
    ]);
    integers.writeInt32LE(0, 12);
    integers.writeInt32LE(0, 92);
    await writeFile(workplace.path('mode0.mrc'), integers);
    const whole = await surfer({ map: workplace.path('mode0.mrc') }, { smoothing: 1 });
    expect(whole.facts).toEqual((await surfer({ map: path }, { smoothing: 1 })).facts);
  });

  it('looks only near a mask', async () => {
    const mask = await map('mask.mrc', shape, twoBalls(shape, [0, 4]));
    const { facts, context } = await surfer({ map: path, mask }, { smoothing: 1 });
    expect(facts.components).toBeGreaterThan(0);
    expect(context[0]).toBe(0);
    const [, small] = (await surfer({ map: path }, { smoothing: 1 })).facts.volumes;
    expect(facts.volumes).toContain(small);
  });

  it.each([
    [1, 1, 2],
    [5, 3, 40],
    [15, 16, 17],
    [48, 20, 7],
  ] as const)('takes a box of %i x %i x %i voxels', async (...odd) => {
    const density = Float32Array.from({ length: odd[0] * odd[1] * odd[2] }, (_, at) => (at % 7 === 0 ? 1 : 0));
    const { cleaned, context } = await surfer(
      { map: await map('odd.mrc', odd, density) },
      { smoothing: 1, largestSegment: false },
    );
    expect(context.every((value, at) => value >= 0.5 === (density[at] === 1))).toBe(true);
    expect(count(cleaned)).toBe(0);
  });

  it('works on voxels of another size', async () => {
    const { facts, mask } = await surfer({ map: path }, { network: 'coarse', smoothing: 1 });
    expect(facts.components).toBe(2);
    const expected = twoBalls(shape, [6, 0]);
    const overlap = mask.reduce((sum, value, at) => sum + value * (expected[at] as number), 0);
    expect((2 * overlap) / (count(mask) + count(expected))).toBeGreaterThan(0.85);
  });

  it('cleans a target over the same box at another voxel size, and refuses one over another box with numbers', async () => {
    const double: Shape = [60, 54, 66];
    const target = await map(
      'target.mrc',
      double,
      Float32Array.from({ length: 60 * 54 * 66 }, (_, at) => 2 + (at % 2)),
      0.75,
    );
    const { cleaned, context } = await surfer({ map: path, target }, { smoothing: 1, largestSegment: false });
    expect(context.length).toBe(cleaned.length);
    expect(cleaned.every((value) => value === 0 || value === 2 || value === 3)).toBe(true);
    // Eight voxels of the target for each of the map.
    const removed = cleaned.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0) / 8;
    expect(Math.abs(removed / count(voxels) - 1)).toBeLessThan(0.25);
    const other = await map('other.mrc', shape, voxels, 1.9);
    await expect(surfer({ map: path, target: other }, {})).rejects.toMatchObject({
      kind: 'input.mismatch',
      message: expect.stringMatching(
        /30 × 27 × 33 voxels \(z, y, x\) over 62\.7 × 51\.3 × 57\.0 Å .* the map 30 × 27 × 33 over 49\.5 × 40\.5 × 45\.0 Å/u,
      ) as string,
    });
  });

  it('refuses a network that does not find context, and one that is not there', async () => {
    await expect(surfer({ map: path }, { network: 'other' })).rejects.toThrow(
      'The network other does not find context',
    );
    await expect(surfer({ map: path }, { network: 'nobody' })).rejects.toThrow('There is no network named nobody');
  });
});

describe('locscale surfer', () => {
  it('writes maps named as SURFER names them, through the daemon, and tells what it found', async () => {
    const shape: Shape = [20, 22, 24];
    await map('protein.mrc', shape, twoBalls(shape, [5, 3]));
    const { code, out, error } = await workplace.run('surfer', '-em', 'protein.mrc', '--network', 'denser', '--json');
    expect({ code, error }, out).toEqual({ code: 0, error: '' });
    const result = JSON.parse(out) as { readonly output: string; readonly context: Facts };
    expect(result.output).toBe(workplace.path('protein_without_micelle.mrc'));
    expect(result).toMatchObject({ ok: true, command: 'surfer', context: { components: 2, network: 'denser' } });
    const files = (await readdir(workplace.folder)).filter((name) => name.startsWith('protein_')).sort();
    expect(files).toEqual([
      'protein_micelle_mask.mrc',
      'protein_micelle_prediction.mrc',
      'protein_without_micelle.locscale.json',
      'protein_without_micelle.mrc',
    ]);
    const again = await workplace.run(
      'surfer',
      '-em',
      'protein.mrc',
      '--network',
      'denser',
      '--no_largest_segment',
      '-o',
      'both.mrc',
    );
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toMatch(/both\.mrc\ncontext of [\d,]+ Å³ in 2 pieces of [\d,]+ Å³ \(denser\), /u);
  });

  it('refuses what makes no sense, in one sentence', async () => {
    const refused = async (...args: readonly string[]): Promise<string> =>
      (await workplace.run('surfer', ...args)).error.trim();
    expect(await refused('-em', 'protein.mrc', '--threshold', '1.5')).toBe(
      'locscale: --threshold 1.5 is not usable: give a number from 0 to 1.',
    );
    expect(await refused('--smoothing', '3')).toMatch(
      /^locscale: No map is given; give one map \(-em map\.mrc\) or two half maps/u,
    );
    expect(await refused('-em', 'protein.mrc', '--smoothing', '21')).toMatch(/^locscale: --smoothing 21 .*1 to 20/u);
  });
});
