import { isValue, type Value } from '../graph.js';
import type { Sharpening } from './sharpen.js';

/** The cut-offs that were worked out from the data, not given. */
export function cutoffFacts({ fscCutoff, wilsonCutoff }: Sharpening['form']): Readonly<Record<string, Value<unknown>>> {
  return Object.fromEntries(
    Object.entries({ resolution: fscCutoff, wilsonCutoff }).filter((entry): entry is [string, Value<number>] =>
      isValue(entry[1]),
    ),
  );
}
