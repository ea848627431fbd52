import { writeFile } from 'node:fs/promises';

/** Makes the kernel forget the largest memory so far (Linux; proc(5), clear_refs). Elsewhere inputs must be the largest. */
async function forgetPeak(): Promise<void> {
  if (process.platform === 'linux') await writeFile('/proc/self/clear_refs', '5');
}

/**
 * Largest resident memory of this process during `work`, less what was resident before it. Wants `node --expose-gc`, so
 * that garbage from before cannot go away in the meantime.
 */
export async function measurePeak<T>(
  work: () => Promise<T>,
): Promise<{ readonly peakBytes: number; readonly result: T }> {
  if (global.gc === undefined) throw new Error('start this process with --expose-gc to measure its memory');
  global.gc();
  await forgetPeak();
  const before = process.memoryUsage.rss();
  const result = await work();
  // Kibibytes on every platform in Node.
  return { peakBytes: 1024 * process.resourceUsage().maxRSS - before, result };
}
