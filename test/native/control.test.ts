import { describe, expect, it } from 'vitest';
import { availableThreads, fft3, NativeError, radialProfile, statistics } from '@locscale/native';
import { stalls } from '../stalls.js';

const shape = [160, 160, 160] as const;
const box = (): Float32Array => new Float32Array(160 ** 3).fill(1);

describe('control block', () => {
  it('stops a running kernel when the signal is aborted', stalls, async () => {
    const abort = new AbortController();
    const call = radialProfile(box(), shape, { threads: 1, signal: abort.signal });
    const aborted = performance.now();
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'NativeError', kind: 'job.cancelled' });
    expect(performance.now() - aborted).toBeLessThan(1000);
  });

  it('does not start when the signal is aborted already', async () => {
    await expect(statistics(box(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'job.cancelled' });
  });

  it('reports progress that never decreases and ends at 1', async () => {
    const seen: number[] = [];
    await fft3(Float64Array.from(box()), shape, { threads: 1, onProgress: (fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  it('leaves the JavaScript thread free while a kernel runs', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await radialProfile(box(), shape, { threads: 1 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('rejects with the error of a progress listener instead of ending the process', async () => {
    const failing = fft3(new Float32Array(8), [2, 2, 2], {
      onProgress: () => {
        throw new Error('listener failed');
      },
    });
    await expect(failing).rejects.toThrow('listener failed');
  });

  it('refuses thread numbers that make no sense', async () => {
    for (const threads of [0, -1, 1.5, 5000, NaN]) {
      await expect(statistics(new Float32Array(8), { threads })).rejects.toBeInstanceOf(NativeError);
    }
    expect(availableThreads()).toBeGreaterThanOrEqual(1);
  });
});
