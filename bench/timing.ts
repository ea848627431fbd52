/** Seconds that a piece of work took: on the clock, and of processor time in all threads of this process (user and system). */
export interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

export async function timed<T>(work: () => Promise<T>): Promise<Seconds & { readonly result: T }> {
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(usedBefore);
  return { wall: (performance.now() - startedAt) / 1000, cpu: (user + system) / 1e6, result };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no median of no values');
  return (upper + lower) / 2;
}

/** Runs `round` several times and returns what it gave, so that peers that it times in turn meet the same conditions. */
export async function rounds<T>(count: number, round: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i++) results.push(await round());
  return results;
}

/** Median wall time of some repetitions, the first one not counted. */
export async function medianWall(count: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  return median((await rounds(count, () => timed(work))).map(({ wall }) => wall));
}
