import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LocScaleError } from '@chimerax-like/rpc';
import type { FromImport, ImportResult, ImportTask } from './messages.js';

const entry = fileURLToPath(new URL('./worker.js', import.meta.url));

export interface ImportLimits {
  /** EMmerNet with its optimizer's state has about 275 MB. */
  readonly fileBytes: number;
  /** Memory of JavaScript values in the thread, MiB. */
  readonly heapMiB: number;
  /** EMmerNet takes two to three seconds; a busy machine may take many times as long. */
  readonly seconds: number;
}
export const importLimits: ImportLimits = { fileBytes: 2 ** 31 - 1, heapMiB: 3072, seconds: 300 };

export const cannotImport = (path: string, reason: string, next: string): LocScaleError =>
  new LocScaleError('input.format', `${path} cannot be imported as a network: ${reason}; ${next}.`);

/** Converts a file in a thread of its own, with limits of memory and time; nothing is written. */
export async function convertApart(path: string, limits: ImportLimits = importLimits): Promise<ImportResult> {
  await assertReadable(path, limits);
  const task: ImportTask = { path };
  const worker = new Worker(entry, {
    workerData: task,
    // Warnings of the HDF5 reader are no messages for people.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMiB },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const message = await new Promise<FromImport>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(
          cannotImport(path, `it took more than ${limits.seconds} s to read`, 'it is damaged, or made to do harm'),
        );
      }, limits.seconds * 1000);
      worker.once('message', (received: FromImport) => {
        resolve(received);
      });
      worker.once('error', (error: Error) => {
        const tooLarge = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        const reason = tooLarge
          ? `it asks for more than ${limits.heapMiB} MiB of memory`
          : `its parts contradict each other (${error.message})`;
        reject(cannotImport(path, reason, 'it is damaged, or made to do harm'));
      });
      worker.once('exit', (code) => {
        reject(new LocScaleError('engine.crashed', `The thread that read ${path} ended with code ${code}; try again.`));
      });
    });
    if (message.kind === 'fault') throw cannotImport(path, message.reason, message.next);
    return message.result;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

async function assertReadable(path: string, { fileBytes }: ImportLimits): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new LocScaleError('input.missing', `There is no file ${path}; check the path.`);
  if (!found.isFile())
    throw new LocScaleError(
      'input.unreadable',
      `${path} is not a regular file; give the .hdf5, .pt or .onnx file of the network.`,
    );
  if (found.size > fileBytes)
    throw new LocScaleError(
      'limit.size',
      `${path} has ${found.size} bytes, and at most ${fileBytes} are read as a network; give a smaller file.`,
    );
}
