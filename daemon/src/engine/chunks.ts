import { setImmediate as turn } from 'node:timers/promises';
import { throwIfCancelled } from './runner.js';

/** Voxels handled between two turns of the event loop: a few milliseconds of work. */
const chunkVoxels = 1 << 22;

/**
 * Calls `work(first, end)` over [0, length) in pieces, letting cancel and heartbeat through between them.
 * `voxelsEach`: voxels behind one item (1, or those of a row).
 */
export async function inChunks(
  length: number,
  signal: AbortSignal,
  voxelsEach: number,
  work: (first: number, end: number) => void,
): Promise<void> {
  const items = Math.max(1, Math.floor(chunkVoxels / voxelsEach));
  for (let first = 0; first < length; first += items) {
    throwIfCancelled(signal);
    work(first, Math.min(length, first + items));
    await turn();
  }
}
