/** One number of a bench, and what it is held against. One line of the report. */
export interface Measurement {
  readonly bench: string;
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  /** The same quantity of a peer measured in the same run, or the project's goal; null when the number stands alone. */
  readonly reference: number | null;
  /** reference / value: how many times better than the reference. All values are times or sizes, so less is better. */
  readonly ratio: number | null;
  /** What the reference is. */
  readonly against: string | null;
  /** Least ratio that the project wants; null without a goal. */
  readonly goal: number | null;
}

/** A measurement as a bench states it; its name and the ratio are filled in. */
export interface Finding {
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  readonly against?: { readonly what: string; readonly value: number; readonly goal?: number };
}

/** What a bench is given. */
export interface BenchContext {
  readonly report: (finding: Finding) => void;
  /** Something that the reader must know: a case that was left out, or what the numbers that follow were made with. */
  readonly note: (text: string) => void;
  /** Folder of the prototype that the scaling is timed beside (`run` inside), if there is one. */
  readonly yardstick: string | null;
}

export interface Bench {
  readonly name: string;
  /** What it measures, in a few words. */
  readonly about: string;
  readonly run: (context: BenchContext) => Promise<void>;
}

export function toMeasurement(bench: string, { against, ...finding }: Finding): Measurement {
  const reference = against?.value ?? null;
  return {
    bench,
    ...finding,
    reference,
    ratio: reference === null ? null : reference / finding.value,
    against: against?.what ?? null,
    goal: against?.goal ?? null,
  };
}
