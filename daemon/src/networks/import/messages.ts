import type { Converted } from '../graph/converted.js';

/** What the worker is asked. */
export interface ImportTask {
  readonly path: string;
}

/** What is known of the file that a network came from. */
export interface SourceFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** A converted network as it crosses the thread: the ONNX file, and what goes into the manifest. */
export interface ImportResult extends Omit<Converted, 'model'> {
  readonly graph: Uint8Array<ArrayBuffer>;
  readonly source: SourceFacts;
}

export type FromImport =
  | { readonly kind: 'done'; readonly result: ImportResult }
  | { readonly kind: 'fault'; readonly reason: string; readonly next: string };
