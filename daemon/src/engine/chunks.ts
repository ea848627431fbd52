import { setImmediate as turn } from 'node:timers/promises';
import { throwIfCancelled } from './runner.js';

/** Voxels handled between two turns of the event loop: a few milliseconds of work. */
const chunkVoxels = 1 << 22;

/** Calls `work(first, end)` over [0, length) in pieces, letting cancel and heartbeat through between them. */
export async function inChunks(
  length: number,
  signal: AbortSignal,
  work: (first: number, end: number) => void,
): Promise<void> {
  for (let first = 0; first < length; first += chunkVoxels) {
    throwIfCancelled(signal);
    work(first, Math.min(length, first + chunkVoxels));
    await turn();
  }
}
