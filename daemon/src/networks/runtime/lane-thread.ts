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

async function answer(task: ToLane): Promise<void> {
  const { id } = task;
  try {
    if (task.kind === 'sample') {
      const sampled = await sample(sessions, task.request);
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

try {
  for (const [name, graph] of Object.entries(graphs)) sessions.set(name, await Session.open(graph, placement));
  parentPort?.on('message', (task: ToLane) => void answer(task));
  send({ kind: 'open' });
} catch (cause) {
  send({ kind: 'closed', reason: reasonOf(cause) });
}
