import type { Figure } from './figure/figure.js';

/** A report as both outputs lay it out: sections of blocks, without a word about HTML or PDF. */
export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly Section[];
  /** Parts that could not be shown, each with its reason; the document says so too. */
  readonly failures: readonly string[];
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'notice'; readonly tone: 'caution' | 'plain'; readonly title: string; readonly text: string }
  | Table
  | { readonly kind: 'figure'; readonly figure: Figure; readonly caption: string }
  | Pictures;

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly title: string;
  readonly align: 'start' | 'end';
  /** Share of the width on paper. */
  readonly share: number;
  /** Hashes and other text that must be readable letter by letter. */
  readonly fixedPitch?: boolean;
}

/** Pictures side by side, at one scale. */
export interface Pictures {
  readonly kind: 'pictures';
  readonly caption: string;
  /** Extent of each picture, Å. */
  readonly width: number;
  readonly height: number;
  /** Length of the scale bar, Å. */
  readonly bar: number;
  readonly pictures: readonly { readonly name: string; readonly description: string; readonly png: Uint8Array }[];
}
