import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MemoryGate } from '../../daemon/dist/jobs/memory-gate.js';
import { kindOf, reach, testDaemon } from './helpers/daemon.js';
import { ball, grid, upload } from './helpers/maps.js';
import { enginePids } from './helpers/processes.js';

/** Largest resident size that a process has had, bytes. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describe.runIf(process.platform === 'linux')('the memory estimate of a job', () => {
  it.each([64, 128, 192, 256])(
    'of %i³ voxels is within a fifth of the peak of its engine',
    async (n) => {
      const daemon = await testDaemon();
      const waves = (period: number): Float32Array => new Float32Array(n ** 3).map((_, i) => (i % period) / period);
      const halfMaps = [await upload(daemon, waves(97), grid(n)), await upload(daemon, waves(101), grid(n))];
      const inputs = {
        halfMaps,
        reference: await upload(daemon, waves(53), grid(n)),
        mask: await upload(daemon, ball(n, 0.9), grid(n)),
      };
      const request = { recipe: 'reference-map', inputs, parameters: { threads: 2, windowSize: 10 } };
      const { peakBytes } = await daemon.client.call('job.estimate', request);
      const { id } = await daemon.client.call('job.submit', request);
      await reach(daemon.client, id, 'done');
      const [engine = 0] = enginePids(daemon.home);
      const ratio = peakBytes / peakOf(engine);
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.2);
    },
    60_000,
  );
});

describe('the memory gate', () => {
  const signal = (): AbortSignal => new AbortController().signal;

  it('lets in what fits together, in order, and lets the next in when one leaves', async () => {
    const gate = new MemoryGate(100);
    const entered: string[] = [];
    const enter = async (name: string, bytes: number): Promise<() => void> => {
      const leave = await gate.enter(bytes, signal());
      entered.push(name);
      return leave;
    };
    const [large, larger, small] = [enter('a', 60), enter('b', 60), enter('c', 10)];
    const leaveA = await large;
    // `c` would fit beside `a`, but would then overtake `b` for ever.
    expect([entered, gate.reserved]).toEqual([['a'], 60]);
    leaveA();
    leaveA();
    (await larger)();
    (await small)();
    expect([entered, gate.reserved]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('refuses what can never fit and forgets who gave up waiting', async () => {
    const gate = new MemoryGate(100);
    expect(await kindOf(gate.enter(101, signal()))).toBe('limit.memory');
    const leave = await gate.enter(100, signal());
    const controller = new AbortController();
    const waiting = gate.enter(50, controller.signal);
    const behind = gate.enter(1, signal());
    controller.abort();
    expect(await kindOf(waiting)).toBe('job.cancelled');
    leave();
    (await behind)();
    expect(gate.reserved).toBe(0);
  });
});
