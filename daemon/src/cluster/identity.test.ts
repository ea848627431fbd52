import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processStartTime } from '../jobs/process-identity.js';
import { hasEnded, type Identity, identityOfThisProcess, threadsOf } from './identity.js';

const rank = (host: string, processors: number[] | null, threads = processors?.length ?? 4): Identity => ({
  host,
  processTable: '',
  pid: 1,
  started: null,
  processors,
  threads,
});

describe('threads of the ranks', () => {
  it.each([
    ['bound to a core each', [rank('a', [0]), rank('a', [1])], [1, 1]],
    ['not bound, on one host', [rank('a', [0, 1, 2, 3, 4, 5]), rank('a', [0, 1, 2, 3, 4, 5])], [3, 3]],
    ['more than processors', [rank('a', [0, 1]), rank('a', [0, 1]), rank('a', [0, 1])], [1, 1, 1]],
    ['on two hosts', [rank('a', [0, 1, 2, 3]), rank('b', [0, 1, 2, 3])], [4, 4]],
    ['three thirds of six', [0, 1, 2].map(() => rank('a', [0, 1, 2, 3, 4, 5])), [2, 2, 2]],
    ['overlapping', [rank('a', [0, 1, 2, 3]), rank('a', [2, 3])], [3, 1]],
    ['where the system says only how many', [rank('a', null, 8), rank('a', null, 8)], [4, 4]],
    ['held below their processors by a quota', [rank('a', [0, 1, 2, 3], 2)], [2]],
  ])('%s', (_, ranks, threads) => {
    expect(threadsOf(ranks)).toEqual(threads);
  });
});

describe('processes of this host', () => {
  it('lives itself', async () => {
    const own = await identityOfThisProcess();
    expect(own.threads).toBeGreaterThan(0);
    expect(await hasEnded(own)).toBe(false);
  });

  it('has ended when it is gone, and also when its number belongs to another one', async () => {
    const child = spawn('sleep', ['60']);
    const pid = child.pid ?? 0;
    const identity = { ...(await identityOfThisProcess()), pid, started: await processStartTime(pid) };
    expect(await hasEnded(identity)).toBe(false);
    expect(await hasEnded({ ...identity, started: 'before' })).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await hasEnded(identity)).toBe(true);
    // On another host the same number means nothing.
    expect(await hasEnded({ ...identity, host: 'elsewhere' })).toBe(false);
  });
});
