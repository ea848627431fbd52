import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { sha256OfFile } from '../../engine/file-hash.js';
import { readVolume } from '../../volumes/index.js';
import type { MapRecord, RecordedOutput } from './record.js';

/** Whether a file still holds what the record says; `unknown`: the record does not say what it held. */
export type State = 'same' | 'changed' | 'missing' | 'unreadable' | 'unknown';

export interface CheckedInput {
  /** What the recipe calls it. */
  readonly input: string;
  readonly path: string;
  /** Its own name, of an upload. */
  readonly name: string | null;
  readonly sha256: string | null;
  readonly state: State;
}

export async function checkInputs(record: MapRecord, signal: AbortSignal): Promise<readonly CheckedInput[]> {
  const checked: CheckedInput[] = [];
  for (const [input, { path, name = null, sha256 = null }] of Object.entries(record.inputs ?? {}))
    checked.push({ input, path, name, sha256, state: await fileState(path, sha256, signal) });
  return checked;
}

/** Whether the voxels of the map are those that were written; labels and other words of the header may have changed. */
export async function checkMap(path: string, { voxelsSha256 }: RecordedOutput, signal: AbortSignal): Promise<State> {
  if (voxelsSha256 === undefined) return 'unknown';
  const volume = await readVolume(path, { signal, requireSignal: false }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return null;
  });
  if (volume === null) return 'unreadable';
  const { voxels } = volume;
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  return createHash('sha256').update(bytes).digest('hex') === voxelsSha256 ? 'same' : 'changed';
}

async function fileState(path: string, sha256: string | null, signal: AbortSignal): Promise<State> {
  try {
    // The path comes from a file that anybody may have written: only a regular file is read.
    if (!(await stat(path)).isFile()) return 'unreadable';
    if (sha256 === null) return 'unknown';
    return (await sha256OfFile(path, signal)) === sha256 ? 'same' : 'changed';
  } catch (error) {
    if (signal.aborted)
      throw new LocScaleError('job.cancelled', 'Checking the inputs was cancelled.', {}, { cause: error });
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}
