import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { graphFile, type NetworkLibrary } from '../library/library.js';
import type { Calibrator, Manifest } from '../library/manifest.js';
import { convertApart, type ImportLimits } from './convert-apart.js';

export interface ImportOptions {
  /** Otherwise the file's name without its ending. */
  readonly name?: string | undefined;
  readonly replace: boolean;
  readonly program: string;
  readonly licence?: string | undefined;
  readonly trainingData?: string | undefined;
  readonly calibrator?: Calibrator | undefined;
  /** Where the file came from, when it is not the user's own. */
  readonly from?: string;
  readonly notes?: readonly string[];
  readonly limits?: ImportLimits;
}

export const nameOfFile = (path: string): string => basename(path).replace(/\.(hdf5|h5|keras|pth?|onnx)$/iu, '');

/** Reads a network from a file and keeps it in the library. A file that is refused leaves nothing. */
export async function importNetwork(library: NetworkLibrary, path: string, options: ImportOptions): Promise<Manifest> {
  const name = options.name ?? nameOfFile(path);
  await library.assertFree(name, options.replace);
  const converted = await convertApart(path, options.limits);
  const { graph, format, source, input, output, parameters, dropouts, segmentation, notes } = converted;
  const sha256 = createHash('sha256').update(graph).digest('hex');
  const manifest: Manifest = {
    version: 1,
    name,
    graph: { file: graphFile(name, sha256), bytes: graph.length, sha256 },
    source: { format, from: options.from ?? resolve(path), ...source },
    importedAt: new Date().toISOString(),
    program: options.program,
    input: [...input],
    output: [...output],
    parameters,
    dropouts: dropouts.map((dropout) => ({ ...dropout, shape: [...dropout.shape] })),
    licence: options.licence ?? null,
    trainingData: options.trainingData ?? null,
    calibrator: options.calibrator ?? null,
    ...(segmentation === undefined ? {} : { segmentation: { ...segmentation } }),
    notes: [...notes, ...(options.notes ?? [])],
  };
  await library.add(manifest, graph, options.replace);
  return manifest;
}
