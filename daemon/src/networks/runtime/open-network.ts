import { LocScaleError } from '@chimerax-like/rpc';
import { Lane, LaneNotOpen } from './lane.js';
import type { Graphs } from './messages.js';
import { oneLine } from './one-line.js';
import { type NetworkSettings, type Placement, placements, type Provider } from './providers.js';
import type { SampleRequest, Sampled } from './sampling/sample.js';
import type { Tensors } from './tensors.js';

/** Name of the graph when there is only one. */
const only = 'network';

/**
 * Networks in lanes: threads that each have all graphs loaded and compute one thing at a time. Ask for as many things at once as
 * there are lanes; more wait their turn. Results do not depend on the number of lanes.
 */
export class OpenNetwork {
  readonly provider: Provider;
  /** What was tried before and why it is not used. */
  readonly notUsed: readonly string[];
  readonly #lanes: readonly Lane[];
  readonly #free: Lane[];
  readonly #queue: ((lane: Lane) => void)[] = [];

  private constructor(provider: Provider, lanes: readonly Lane[], notUsed: readonly string[]) {
    this.provider = provider;
    this.notUsed = notUsed;
    this.#lanes = lanes;
    this.#free = [...lanes];
  }

  static async open(graphs: Graphs, settings: NetworkSettings): Promise<OpenNetwork> {
    const notUsed: string[] = [];
    for (const places of placements(settings)) {
      const provider = places[0]?.provider ?? 'cpu';
      try {
        return new OpenNetwork(provider, await openLanes(graphs, places), notUsed);
      } catch (cause) {
        if (!(cause instanceof LaneNotOpen)) throw cause;
        notUsed.push(`${provider}: ${oneLine(cause.message)}`);
      }
    }
    throw new LocScaleError(
      'input.parameter',
      `The network cannot be opened on the device asked for (${notUsed.join('; ')}); try --device cpu, and see \`locscale doctor\`.`,
    );
  }

  get lanes(): number {
    return this.#lanes.length;
  }

  /** Runs a graph. The buffers of the inputs move to the lane: do not use them afterwards. */
  run(inputs: Tensors, graph = only): Promise<Tensors> {
    return this.#inLane((lane) => lane.run(graph, inputs));
  }

  sample(request: SampleRequest): Promise<Sampled> {
    return this.#inLane((lane) => lane.sample(request));
  }

  /** Everything that is asked for fails at once with `reason`; settles when all threads are gone. Close every network: a thread that computes when the process ends takes it down. */
  async close(reason?: Error): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close(reason)));
  }

  async #inLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = this.#free.pop() ?? (await new Promise<Lane>((resolve) => this.#queue.push(resolve)));
    try {
      return await work(lane);
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#free.push(lane);
      else next(lane);
    }
  }
}

/** Opens one network for any use: named tensors in, named tensors out, of whatever shapes the graph takes. */
export const openNetwork = (graph: Uint8Array, settings: NetworkSettings): Promise<OpenNetwork> =>
  OpenNetwork.open({ [only]: graph }, settings);

/** The first alone: where it cannot open, the others need not try. */
async function openLanes(graphs: Graphs, [first, ...others]: readonly Placement[]): Promise<readonly Lane[]> {
  if (first === undefined) throw new LaneNotOpen('there is no place to compute');
  const lane = await Lane.open(graphs, first);
  const more = await Promise.allSettled(others.map((place) => Lane.open(graphs, place)));
  const open = more.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
  const failure = more.find((each) => each.status === 'rejected');
  if (failure === undefined) return [lane, ...open];
  await Promise.all([lane, ...open].map((each) => each.close()));
  throw failure.reason instanceof Error ? failure.reason : new LaneNotOpen(String(failure.reason));
}
