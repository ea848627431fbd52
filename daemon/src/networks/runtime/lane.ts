import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LocScaleError } from '@chimerax-like/rpc';
import type { FromLane, Graphs, LaneTask, ToLane } from './messages.js';
import { oneLine } from './one-line.js';
import type { Placement } from './providers.js';
import type { SampleRequest, Sampled } from './sampling/sample.js';
import { movable, type Tensors } from './tensors.js';

const entry = fileURLToPath(new URL('./lane-thread.js', import.meta.url));

/** Why a lane did not open: the provider is not there, or the graph does not suit it. */
export class LaneNotOpen extends Error {}

interface Waiting {
  readonly resolve: (message: FromLane) => void;
  readonly reject: (error: Error) => void;
}

/** One thread with the graphs loaded; does one thing at a time. */
export class Lane {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Settles when the thread is gone. */
  readonly gone: Promise<void>;
  #next = 0;
  #ended: Error | null = null;

  private constructor(worker: Worker, opened: (message: FromLane) => void, failed: (error: Error) => void) {
    this.#worker = worker;
    worker.on('message', (message: FromLane) => {
      if (message.kind === 'open' || message.kind === 'closed') opened(message);
      else this.#hear(message);
    });
    const end = (what: string): void => {
      failed(new LaneNotOpen(`its thread ended (${what})`));
      this.#end(this.#crashed(what));
    };
    worker.once('error', (error: Error) => end(error.message));
    this.gone = new Promise((resolve) =>
      worker.once('exit', (code) => {
        end(`exit code ${code}`);
        resolve();
      }),
    );
  }

  static async open(graphs: Graphs, placement: Placement): Promise<Lane> {
    const task: LaneTask = { graphs, placement };
    const worker = new Worker(entry, { workerData: task });
    let lane: Lane | undefined;
    const answer = await new Promise<FromLane>((resolve, reject) => {
      lane = new Lane(worker, resolve, reject);
    });
    if (answer.kind === 'open' && lane !== undefined) return lane;
    await lane?.gone;
    throw new LaneNotOpen(answer.kind === 'closed' ? answer.reason : 'its thread gave no answer');
  }

  async run(graph: string, inputs: Tensors): Promise<Tensors> {
    const message = await this.#ask((id) => ({ kind: 'run', id, graph, inputs }), movable(inputs));
    if (message.kind === 'ran') return message.outputs;
    throw unexpected(message);
  }

  async sample(request: SampleRequest): Promise<Sampled> {
    const message = await this.#ask((id) => ({ kind: 'sample', id, request }), []);
    if (message.kind === 'sampled') return message.sampled;
    throw unexpected(message);
  }

  /** Fails at once what has been asked for; settles when the thread is gone, behind the pass that it is computing. */
  close(reason: Error = new Error('the network is closed')): Promise<void> {
    this.#end(reason);
    this.#worker.postMessage({ kind: 'stop' } satisfies ToLane);
    return this.gone;
  }

  #ask(task: (id: number) => ToLane, buffers: ArrayBuffer[]): Promise<FromLane> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(task(id), buffers);
    });
  }

  #hear(message: Extract<FromLane, { readonly id: number }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'failed') waiting?.reject(failed(message.reason));
    else waiting?.resolve(message);
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }

  #crashed(what: string): LocScaleError {
    return new LocScaleError('engine.crashed', `A thread of the network ended (${what}); run the job again.`);
  }
}

/** The runtime's messages go over several lines and name its source files. */
const failed = (reason: string): LocScaleError =>
  new LocScaleError(
    'input.parameter',
    `The network could not be run: ${oneLine(reason)}; check it with \`locscale network verify\`, or choose other cubes or another device.`,
  );

const unexpected = (message: FromLane): Error => new Error(`a lane answered ${message.kind}`);
