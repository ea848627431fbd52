import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { Placement } from './providers.js';
import type { NetworkTensor, Tensors } from './tensors.js';

// What goes wrong comes as an exception; the runtime would also print it, in red, over the user's terminal.
env.logLevel = 'fatal';
const fatalOnly = 4;

/** One graph, loaded. A run holds the thread that asks for it, so this lives in threads that do nothing else. */
export class Session {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async open(graph: Uint8Array, { provider, deviceId, threads }: Placement): Promise<Session> {
    // The runtime leaves out a provider that it does not know and computes elsewhere without a word.
    if (!listSupportedBackends().some(({ name }) => name === provider)) throw new Error('backend not found');
    const chosen = deviceId === null ? provider : { name: provider, deviceId };
    const session = await InferenceSession.create(graph, {
      // What a graphics processor cannot do falls to the processors.
      executionProviders: provider === 'cpu' ? ['cpu'] : [chosen, 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: fatalOnly,
      // Threads that wait must not use up a processor that others share.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
    return new Session(session);
  }

  get outputs(): readonly string[] {
    return this.#session.outputNames;
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toOrt(tensor)] as const);
    const results = await this.#session.run(Object.fromEntries(feeds));
    return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(name, value)]));
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}

function toOrt({ type, dims, data }: NetworkTensor): Tensor {
  return new Tensor(type, data, [...dims]);
}

function fromOrt(name: string, { dims, data }: Tensor): NetworkTensor {
  if (data instanceof Float32Array) return { type: 'float32', dims, data };
  if (data instanceof BigInt64Array) return { type: 'int64', dims, data };
  if (data instanceof Int32Array) return { type: 'int32', dims, data };
  if (data instanceof Uint8Array) return { type: 'uint8', dims, data };
  throw new Error(`the output ${name} of the graph has a type that is not used here`);
}
