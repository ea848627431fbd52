/** The thread of one lane: the runtime computes in the thread that asks it, so the main thread must not. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromLane, LaneTask, ToLane } from './messages.js';
import { Session } from './session.js';
import { sample } from './sampling/sample.js';
import { movable } from './tensors.js';

const { graphs, placement } = workerData as LaneTask;
const sessions = new Map<string, Session>();

function send(message: FromLane, buffers: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, buffers);
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

let stopped = false;
let running: Promise<void> = Promise.resolve();

type Request = Exclude<ToLane, { readonly kind: 'stop' }>;

async function answer(task: Request): Promise<void> {
  const { id } = task;
  try {
    if (task.kind === 'sample') {
      const sampled = await sample(sessions, task.request, () => stopped);
      return send({ kind: 'sampled', id, sampled }, [sampled.mean.buffer, sampled.variance.buffer]);
    }
    const session = sessions.get(task.graph);
    if (session === undefined) throw new Error(`no graph ${task.graph} is loaded`);
    const outputs = await session.run(task.inputs);
    send({ kind: 'ran', id, outputs }, movable(outputs));
  } catch (cause) {
    send({ kind: 'failed', id, reason: reasonOf(cause) });
  }
}

/**
 * The thread must end by itself: to terminate it from outside while the runtime computes would end the whole process. It has
 * nothing more to do once its port is closed.
 */
async function stop(): Promise<void> {
  stopped = true;
  await running;
  for (const session of sessions.values()) await session.close();
  parentPort?.close();
}

try {
  for (const [name, graph] of Object.entries(graphs)) sessions.set(name, await Session.open(graph, placement));
  parentPort?.on('message', (task: ToLane) => {
    if (task.kind === 'stop') void stop();
    else running = answer(task);
  });
  send({ kind: 'open' });
} catch (cause) {
  send({ kind: 'closed', reason: reasonOf(cause) });
}
