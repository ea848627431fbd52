import { cpus } from 'node:os';

/** Seconds that a piece of work took. */
export interface Seconds {
  /** On the clock. */
  readonly wall: number;
  /** Of processor time in all threads of this process, user and system. */
  readonly cpu: number;
  /** Share of all processors, 0 to 1, that other processes used meanwhile. */
  readonly others: number;
}

/** Share of the processors above which others disturb a time on the clock. */
export const disturbance = 0.05;

/** Seconds that the processors of the machine have been busy since they started, in steps of 10 ms. */
const busySeconds = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;

export async function timed<T>(work: () => Promise<T>): Promise<Seconds & { readonly result: T }> {
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  const busyBefore = busySeconds();
  const result = await work();
  const { user, system } = process.cpuUsage(usedBefore);
  const wall = (performance.now() - startedAt) / 1000;
  const cpu = (user + system) / 1e6;
  const others = Math.max(0, busySeconds() - busyBefore - cpu) / (wall * cpus().length);
  return { wall, cpu, others, result };
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

/**
 * Repeats a measurement until it was undisturbed `wanted` times, at most `most` times, and returns the undisturbed ones;
 * the least disturbed ones when there are fewer.
 */
export async function quietRounds<T extends { readonly others: number }>(
  wanted: number,
  most: number,
  round: () => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  while (results.length < most && results.filter(({ others }) => others <= disturbance).length < wanted) {
    results.push(await round());
  }
  return results.sort((a, b) => a.others - b.others).slice(0, wanted);
}

/** Says how far other processes spoilt times on the clock; null when they did not. */
export function describeDisturbance(times: readonly { readonly others: number }[]): string | null {
  const most = Math.max(...times.map(({ others }) => others));
  if (most <= disturbance) return null;
  return `the next times are spoilt: other processes used up to ${Math.round(100 * most)} % of the processors meanwhile`;
}

/** Median wall time of some repetitions, the first one not counted. */
export async function medianWall(count: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  return median((await rounds(count, () => timed(work))).map(({ wall }) => wall));
}
