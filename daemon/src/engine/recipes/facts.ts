import { type Given, type Graph, isValue, type Value } from '../graph.js';
import { fitStart, type FitStartInput } from '../steps/cutoffs.js';
import type { Sharpening } from './sharpen.js';

/** The cut-offs that were worked out from the data, not given. */
export function cutoffFacts({ fscCutoff, wilsonCutoff }: Sharpening['form']): Readonly<Record<string, Value<unknown>>> {
  return Object.fromEntries(
    Object.entries({ resolution: fscCutoff, wilsonCutoff }).filter((entry): entry is [string, Value<number>] =>
      isValue(entry[1]),
    ),
  );
}

/** Where local fits begin when the user does not say it. */
export function fitStartOf(
  graph: Graph,
  wilsonCutoff: Value<number>,
  fit: Given<Omit<FitStartInput, 'wilsonCutoff'>>,
): Value<number> {
  return graph.step(fitStart, { ...fit, wilsonCutoff }, { label: 'range of the local fits', weight: 0 });
}
