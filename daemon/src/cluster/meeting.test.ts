import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callTogether, joinRun, type MeetingOptions, NotMet } from './meeting.js';

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'locscale-meeting-'));
});
afterEach(() => rm(store, { recursive: true, force: true }));

const optionsOf = (
  rank: number,
  size = 3,
  patienceMs = 20_000,
  signal = new AbortController().signal,
): MeetingOptions => ({
  launch: { rank, size, launcher: 'mpirun', run: 'one' },
  store,
  command: ['-mpi'],
  patienceMs,
  signal,
});

/** The folder in which the ranks of this run look for each other. */
const meeting = async (): Promise<string> => {
  const stop = new AbortController();
  const looking = joinRun(optionsOf(1, 3, 20_000, stop.signal)).catch(() => null);
  while ((await readdir(join(store, 'ranks')).catch(() => [])).length === 0)
    await new Promise((go) => setTimeout(go, 10));
  stop.abort();
  await looking;
  return join(store, 'ranks', (await readdir(join(store, 'ranks')))[0] ?? '');
};

describe('ranks that meet', () => {
  it('know each other, whoever comes first', async () => {
    const others = [joinRun(optionsOf(2)), joinRun(optionsOf(1))];
    await new Promise((go) => setTimeout(go, 300));
    const met = await Promise.all([callTogether(optionsOf(0)), ...others]);
    expect(new Set(met.map(({ folder }) => folder.path)).size).toBe(1);
    for (const { ranks, threads } of met) {
      expect(ranks.map(({ pid }) => pid)).toEqual([process.pid, process.pid, process.pid]);
      expect(threads).toHaveLength(3);
    }
  });

  it('take nothing that a killed run has left for theirs', async () => {
    const place = await meeting();
    const token = '0123456789abcdef';
    await mkdir(join(place, token), { mode: 0o700 });
    const start = { nonces: ['a', 'b', 'c'], ranks: [], threads: [] };
    await writeFile(join(place, token, 'start'), JSON.stringify(start));
    await writeFile(join(place, 'offer'), JSON.stringify({ token }));
    const others = [joinRun(optionsOf(1)), joinRun(optionsOf(2))];
    // They have gone to the old place, and come from there when a new one is offered.
    while (!(await readdir(join(place, token))).includes('join-2')) await new Promise((go) => setTimeout(go, 10));
    const met = await Promise.all([callTogether(optionsOf(0)), ...others]);
    for (const { folder, ranks } of met) {
      expect(folder.path).toBe(met[0].folder.path);
      expect(folder.path).not.toContain(token);
      expect(ranks).toHaveLength(3);
    }
  });

  it('are of one version', async () => {
    const place = await meeting();
    const leading = callTogether(optionsOf(0, 3, 20_000));
    leading.catch(() => undefined);
    let folder: string | undefined;
    while (folder === undefined)
      folder = (await readdir(place)).find((name) => name !== 'offer' && !name.startsWith('.'));
    while (!(await readdir(join(place, folder))).includes('join-0')) await new Promise((go) => setTimeout(go, 10));
    const identity = { host: 'node7', processTable: '', pid: 1, started: null, processors: null, threads: 1 };
    await writeFile(join(place, folder, 'join-1'), JSON.stringify({ nonce: 'x', version: '0.0.1', identity }));
    await expect(leading).rejects.toThrow(
      /^Rank 1 on node7 runs LocScale 0\.0\.1, rank 0 runs .*; install the same version/,
    );
  });

  it('name those that did not come, and let the others go', async () => {
    const second = joinRun(optionsOf(2, 3, 60_000));
    second.catch(() => undefined);
    await expect(callTogether(optionsOf(0, 3, 1_500))).rejects.toMatchObject({
      kind: 'connection.timeout',
      message: expect.stringMatching(
        /^1 of 3 ranks \(1\) did not appear in \S+ within 2 s; .* LOCSCALE_HOME/,
      ) as string,
    });
    await expect(second).rejects.toBeInstanceOf(NotMet);
  });
});
