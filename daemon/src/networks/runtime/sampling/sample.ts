import type { Session } from '../session.js';
import { floats, floatsNamed, type Tensors } from '../tensors.js';
import { fillMask } from './mask-bits.js';
import type { MaskLayer } from './masked-graph.js';
import { Moments } from './moments.js';
import { keyOfSeed } from './philox.js';

/** Monte Carlo passes over a few cubes. */
export interface SampleRequest {
  /** Names of the graphs; `prefix` is null when chance comes in at once. */
  readonly prefix: string | null;
  readonly rest: string;
  /** Name of the map, and whether the second graph takes it too. */
  readonly input: string;
  readonly restTakesMap: boolean;
  readonly output: string;
  readonly layers: readonly MaskLayer[];
  /** Cube, channel, z, y, x. */
  readonly dims: readonly number[];
  readonly cubes: Float32Array;
  /** Their numbers in the whole grid, by which their masks are drawn. */
  readonly numbers: readonly number[];
  readonly passes: number;
  readonly seed: number;
}

/** One after the other, as the cubes came. */
export interface Sampled {
  readonly mean: Float32Array<ArrayBuffer>;
  readonly variance: Float32Array<ArrayBuffer>;
}

/** Runs what is certain once, and what is not as often as asked, each time with masks of its own; `stop` is looked at between passes. */
export async function sample(
  sessions: ReadonlyMap<string, Session>,
  request: SampleRequest,
  stop: () => boolean,
): Promise<Sampled> {
  const { prefix, rest, input, restTakesMap, output, layers, dims, cubes, numbers, passes, seed } = request;
  const map = { [input]: floats(dims, cubes) };
  const features = prefix === null ? {} : await sessionOf(sessions, prefix).run(map);
  const known = { ...(restTakesMap ? map : {}), ...features };
  const key = keyOfSeed(seed);
  const masks = layers.map(({ words }) => new Uint32Array(words * numbers.length));
  const later = sessionOf(sessions, rest);
  let moments: Moments | null = null;
  for (let pass = 0; pass < passes; pass++) {
    if (stop()) throw new Error('stopped');
    for (const [layer, { words, share }] of layers.entries())
      for (const [at, cube] of numbers.entries()) {
        const mask = masks[layer]?.subarray(at * words, (at + 1) * words);
        if (mask !== undefined) fillMask(mask, share, { key, cube, sample: pass, layer });
      }
    const drawn: Tensors = Object.fromEntries(
      layers.map(({ input: name, words }, layer) => {
        const bits = masks[layer] ?? new Uint32Array(0);
        return [name, { type: 'uint8', dims: [numbers.length, words * 4], data: new Uint8Array(bits.buffer) }];
      }),
    );
    const result = floatsNamed(await later.run({ ...known, ...drawn }), output);
    moments ??= new Moments(result.length);
    moments.add(result);
  }
  if (moments === null) throw new Error('at least one pass is needed');
  return { mean: moments.mean, variance: moments.variance };
}

function sessionOf(sessions: ReadonlyMap<string, Session>, name: string): Session {
  const session = sessions.get(name);
  if (session === undefined) throw new Error(`no graph ${name} is loaded`);
  return session;
}
