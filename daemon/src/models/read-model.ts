import { basename } from 'node:path';
import { LocScaleError, type Warning } from '@chimerax-like/rpc';
import { NativeError, readModelText } from '@locscale/native';
import { openPacked, type ByteSource } from '../volumes/index.js';
import { checkAtoms } from './check-atoms.js';
import { modelFacts } from './facts.js';
import { modelFormat } from './format.js';
import type { Model } from './types.js';

export interface ReadModelOptions {
  readonly signal?: AbortSignal | undefined;
  /** What messages call the file; default: the last part of its path. */
  readonly name?: string | undefined;
  /** Most bytes that the file may have, unpacked. */
  readonly maxBytes?: number | undefined;
}

/** Twice the largest entry of the PDB, a virus capsid of 2.4 million atoms. */
export const defaultMaxModelBytes = 512 * 2 ** 20;

const pieceBytes = 4 * 2 ** 20;
const expected = { file: 'a model file', content: 'a model in PDB or mmCIF format' };

const tooLarge = (name: string, seen: string, maxBytes: number): LocScaleError =>
  new LocScaleError(
    'limit.size',
    `${name} has ${seen} bytes, but at most ${maxBytes} are read; leave out what is not needed of the model.`,
    { expected: maxBytes },
  );

/** All bytes of a source, as long as there are not more than allowed. */
async function readAll(source: ByteSource, name: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    if (signal?.aborted === true) throw new LocScaleError('job.cancelled', 'Reading was cancelled.');
    const piece = new Uint8Array(Math.min(pieceBytes, maxBytes + 1 - total));
    const got = await source.fill(piece);
    pieces.push(piece.subarray(0, got));
    total += got;
    if (total > maxBytes) throw tooLarge(name, `more than ${maxBytes}`, maxBytes);
    if (got < piece.length) return Buffer.concat(pieces, total);
  }
}

/**
 * Reads a model, PDB or mmCIF, plain or packed: its first model with all alternate conformations, each by its occupancy;
 * hydrogens and waters included; B-factors as in the file's column, tensors left aside.
 */
export async function readModel(path: string, options: ReadModelOptions = {}): Promise<Model> {
  const { signal, name = basename(path), maxBytes = defaultMaxModelBytes } = options;
  const { file, source } = await openPacked(path, name, expected);
  let text: Uint8Array;
  try {
    if (file.storedBytes > maxBytes) throw tooLarge(name, `${file.storedBytes}`, maxBytes);
    text = await readAll(source, name, maxBytes, signal);
  } finally {
    await source.close();
  }
  const format = modelFormat(text, name);
  const columns = await readModelText(text, format).catch((error: unknown) => {
    if (error instanceof NativeError)
      throw new LocScaleError(error.kind, `${name}: ${error.message}`, {}, { cause: error });
    throw error;
  });
  const { models, ...raw } = columns;
  const { atoms, warnings } = checkAtoms(raw, name);
  return {
    path,
    name,
    atoms,
    facts: modelFacts(atoms, models),
    warnings: [...severalModels(name, models), ...warnings],
    source: { text, format },
  };
}

function severalModels(name: string, models: number): readonly Warning[] {
  if (models <= 1) return [];
  return [{ kind: 'model.several', message: `${name} holds ${models} models; the first is used, the others are not.` }];
}
