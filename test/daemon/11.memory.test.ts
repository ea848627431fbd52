import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MemoryGate } from '../../daemon/dist/jobs/memory-gate.js';
import { kindOf, reach, testDaemon } from './helpers/daemon.js';
import { ball, blob, grid, upload } from './helpers/maps.js';
import { enginePids } from './helpers/processes.js';

/** Largest resident size that a process has had, bytes. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

const made = new Map<string, Float32Array>();
/** The same voxels for all cases of a size. */
function once(name: string, make: () => Float32Array): Float32Array {
  const voxels = made.get(name) ?? make();
  made.set(name, voxels);
  return voxels;
}

/** A dense ball in noise: another seed gives the other half map, or a map that is like them. */
function molecule(n: number, seed: number): Float32Array {
  const inside = ball(n, 0.5);
  const noise = blob(n, seed);
  return inside.map((value, i) => value * (1 + ((i % 97) + (i % 31)) / 64) + 0.2 * (noise[i] ?? 0));
}

/** The estimate for a job over the largest resident size of its engine, which has done nothing else. */
async function ratioOf(
  n: number,
  recipe: string,
  names: readonly ('halfMaps' | 'reference' | 'mask')[],
  parameters: object,
  maskShare = 0.5,
): Promise<number> {
  const like = (seed: number): Float32Array => once(`${n} ${seed}`, () => molecule(n, seed));
  const make = {
    halfMaps: () => [like(1), like(2)],
    reference: () => [like(3)],
    mask: () => [once(`${n} mask ${maskShare}`, () => ball(n, maskShare))],
  };
  // All of them first: while they are made the connection would be idle for too long.
  const volumes = names.map((name) => [name, make[name]()] as const);
  const daemon = await testDaemon();
  const inputs: Record<string, string | string[]> = {};
  for (const [name, voxels] of volumes) {
    const ids: string[] = [];
    for (const each of voxels) ids.push(await upload(daemon, each, grid(n)));
    inputs[name] = name === 'halfMaps' ? ids : (ids[0] ?? '');
  }
  const request = { recipe, inputs, parameters: { threads: 2, ...parameters } };
  const { peakBytes } = await daemon.client.call('job.estimate', request);
  const { id } = await daemon.client.call('job.submit', request);
  const job = await reach(daemon.client, id, 'done', 'failed');
  expect(job.error ?? null).toBeNull();
  const [engine = 0] = enginePids(daemon.home);
  return peakBytes / peakOf(engine);
}

describe.runIf(process.platform === 'linux')('the memory estimate of a job', () => {
  // Half of the box's edge: the mask decides how long scaling and networks work, not what they need.
  const all = ['halfMaps', 'reference', 'mask'] as const;
  const window = { windowSize: 16 };
  it.each([
    ['against a reference', 'reference-map', all, window, [64, 128, 192, 256]],
    ['that makes its mask', 'reference-map', ['halfMaps', 'reference'], window, [128, 192]],
    ['that filters for its mask', 'reference-map', ['halfMaps', 'reference'], { ...window, maskFilter: 9 }, [192]],
    ['that weights by the FSC', 'reference-map', all, { ...window, fscFilter: true }, [128, 192]],
    ['in the theoretical form', 'reference-map', all, { ...window, form: 'theoretical' }, [128, 192]],
    ['without a reference', 'no-reference', ['halfMaps'], window, [128, 192]],
    ['with a symmetry', 'reference-map', all, { ...window, symmetry: 'C2', forceSymmetry: true }, [128, 192]],
    ['with an audit', 'reference-map', all, { ...window, audit: true }, [192]],
    ['that looks for context', 'surfer', ['halfMaps'], { network: 'surfer-sim', device: 'cpu' }, [64, 128]],
  ] as const)(
    '%s is within a fifth of the peak of its engine',
    async (_, recipe, names, parameters, sizes) => {
      for (const n of sizes) {
        const ratio = await ratioOf(n, recipe, names, parameters);

        expect(ratio, `${n}³ voxels`).toBeGreaterThan(0.8);
        expect(ratio, `${n}³ voxels`).toBeLessThan(1.2);
      }
    },
    180_000,
  );

  const maps = ['halfMaps', 'mask'] as const;
  const device = { device: 'cpu', network: 'emmernet-sim' };
  it.each([
    ['model-free', {}, [80, 144]],
    ['feature-enhance', { passes: 2 }, [48, 80]],
  ] as const)(
    'with a network (%s) is within a fifth of the peak of its engine',
    async (recipe, parameters, sizes) => {
      for (const n of sizes) {
        const ratio = await ratioOf(n, recipe, maps, { ...device, ...parameters }, 0.3);
        expect(ratio, `${n}³ voxels`).toBeGreaterThan(0.8);
        expect(ratio, `${n}³ voxels`).toBeLessThan(1.2);
      }
    },
    180_000,
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
