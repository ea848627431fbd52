/** Half-open range of sections along z. */
export type Sections = readonly [first: number, end: number];

/** Stretches without a gap, in order; sections of a job become final in any order. */
export function runsOf(finished: readonly Sections[]): readonly Sections[] {
  const runs: Sections[] = [];
  for (const [first, end] of [...finished].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && first <= last[1]) runs[runs.length - 1] = [last[0], Math.max(last[1], end)];
    else runs.push([first, end]);
  }
  return runs;
}
