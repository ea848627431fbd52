/**
 * The thread that reads files of unknown origin. Whatever a hostile file makes the readers do (loop, fill the memory) ends with
 * this thread, which has a limit of memory and of time.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { NetworkFault } from '../fault.js';
import { encodeModel } from '../onnx/encode.js';
import { convertFile } from './convert-file.js';
import type { FromImport } from './messages.js';

const { path } = z.object({ path: z.string() }).parse(workerData);

async function convert(): Promise<FromImport> {
  const content = await readFile(path);
  const file = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  try {
    const { model, ...facts } = convertFile(file);
    const sha256 = createHash('sha256').update(file).digest('hex');
    return { kind: 'done', result: { ...facts, graph: encodeModel(model), source: { bytes: file.length, sha256 } } };
  } catch (thrown) {
    if (thrown instanceof NetworkFault) return { kind: 'fault', reason: thrown.reason, next: thrown.next };
    throw thrown;
  }
}

const message = await convert();
parentPort?.postMessage(message, message.kind === 'done' ? [message.result.graph.buffer] : []);
