import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSameProcess, processStartTime } from '../../daemon/src/jobs/process-identity.js';
import { readVolume } from '../../daemon/src/volumes/index.js';
import { cube, noise, root, Workplace, writeInputs, writeMap } from './locscale.js';
import {
  byMpirun,
  bySrunVariables,
  hasMpirun,
  namesOfRun,
  pidOf,
  runFolders,
  type Ranks,
  type Start,
} from './ranks.js';

const ways = [
  ['mpirun', byMpirun, hasMpirun],
  ['processes with the variables of srun', bySrunVariables, true],
] as const;

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

let workplace: Workplace;
/** Two slabs, the second thin, seven columns of 16 voxels, the last narrow. */
let inputs: readonly string[];
beforeAll(async () => {
  workplace = await Workplace.create();
  inputs = await writeInputs(workplace, 100);
  // About ten seconds of scaling on two threads: far longer than it takes until one of the ranks is killed.
  await writeMap(workplace.path('map.mrc'), cube(144), noise(1));
  await writeMap(workplace.path('everywhere.mrc'), cube(144), () => 1);
});
afterAll(() => workplace.close());
const home = (): string => workplace.path('home');
const forgetResults = (): Promise<void> => rm(join(home(), 'store'), { recursive: true, force: true });

const sidecarOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(workplace.path(`${name}.locscale.json`), 'utf8')) as Record<string, unknown>;

describe.each(ways)('several processes, started by %s', (_, start: Start, available) => {
  describe.skipIf(!available)(`(${available ? 'available' : 'skipped: mpirun is not installed'})`, () => {
    /** Runs to the end, and notes what lay in the folder of the run meanwhile. */
    const run = async (
      size: number,
      args: readonly string[],
      words = '',
    ): Promise<Awaited<Ranks['finished']> & { seen: ReadonlySet<string> }> => {
      const ranks = start(workplace, size, args, () => words);
      const seen = new Set<string>();
      const timer = setInterval(() => {
        try {
          for (const name of namesOfRun(home())) seen.add(name);
        } catch {
          // It went while we looked.
        }
      }, 5);
      const finished = await ranks.finished;
      clearInterval(timer);
      return { ...finished, seen };
    };

    const runs = [
      [3, 'the form without a reference', ['--no_reference']],
      [2, 'the atomic form', ['--measure_bfactors']],
    ] as const;

    it.each(runs.slice(0, start === byMpirun ? 2 : 1))(
      '%d of them write the bytes that one process writes: %s',
      async (size, _form, form) => {
        const maps = form.includes('--no_reference' as never) ? [...inputs.slice(0, 3), ...inputs.slice(5)] : inputs;
        // A large window, so that no rank is done before another one has begun.
        const args = [...maps, '-wn', '60', '-np', '1', '-res', '3.5', ...form];
        await forgetResults();
        expect(await workplace.run(...args, '-o', 'one.mrc', '--no-daemon')).toMatchObject({ code: 0 });
        await forgetResults();
        const { code, out, error, seen } = await run(size, [...args, '-o', 'many.mrc', '-mpi']);
        expect(error.replaceAll(/^ *\d+ % .*\n/gm, '')).toBe('');
        expect(out).toMatch(/^\S+many\.mrc\n[\d,]+ voxels scaled, window 60 voxels, .*\n$/);
        expect(code).toBe(0);
        for (const map of ['', '_bfactor', '_qfit']) {
          const bytes = (name: string): Buffer => readFileSync(workplace.path(`${name}${map}.mrc`));
          expect(bytes('many').equals(bytes('one')), `many${map}.mrc`).toBe(true);
        }
        const numbers = ({ scaledVoxels, emptyWindows, failedFits }: Record<string, unknown>): unknown => ({
          scaledVoxels,
          emptyWindows,
          failedFits,
        });
        expect(numbers(sidecarOf('many'))).toEqual(numbers(sidecarOf('one')));
        // Only ranks other than 0 leave these, so the work was really shared.
        expect([...seen].filter((name) => name.startsWith('1.done-'))).not.toEqual([]);
        expect(runFolders(home())).toEqual([]);
      },
    );

    it.runIf(start === byMpirun)(
      'keep their results: a repeat, with any number of them or with one, computes nothing',
      async () => {
        const args = [...inputs, '-wn', '16'];
        await forgetResults();
        expect((await run(2, [...args, '-o', 'first.mrc', '-mpi'])).code).toBe(0);
        const again = await run(3, [...args, '-o', 'again.mrc', '-mpi', '--json']);
        expect(JSON.parse(again.out)).toMatchObject({ ok: true, output: workplace.path('again.mrc') });
        expect([...again.seen].filter((name) => name.startsWith('task-'))).toEqual([]);
        expect((await workplace.run(...args, '-o', 'alone.mrc', '--no-daemon')).code).toBe(0);
        for (const name of ['again', 'alone']) {
          const steps = sidecarOf(name)['steps'] as readonly { name: string; from: string }[];
          expect(steps.find((step) => step.name === 'scaleWindows')?.from).toBe('store');
          expect(readFileSync(workplace.path(`${name}.mrc`)).equals(readFileSync(workplace.path('first.mrc')))).toBe(
            true,
          );
        }
      },
    );

    it.runIf(start === byMpirun)('need no kept results', async () => {
      await forgetResults();
      const { code, seen } = await run(
        2,
        [...inputs, '-wn', '60', '-o', 'unkept.mrc', '-mpi'],
        'export LOCSCALE_STORE_LIMIT=0',
      );
      expect(code).toBe(0);
      expect([...seen].filter((name) => name.startsWith('1.done-'))).not.toEqual([]);
    });

    const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
      [
        '-mpi is missing',
        [],
        /^locscale: (mpirun|srun) has started 3 processes that would all do the same work .*; add -mpi /,
      ],
      ['an option is misspelt', ['-mpi', '--windowsize', '3'], /^locscale: Unknown option/],
      ['the output folder is missing', ['-mpi', '-o', 'nowhere/out.mrc'], /^locscale: .*nowhere.* cannot be written/],
      ['a map is missing', ['-mpi', '-ma', 'no.mrc'], /^locscale: .*no\.mrc/],
    ];

    it.each(mistakes.slice(0, start === byMpirun ? 4 : 1))('say once that %s', async (_mistake, args, sentence) => {
      const { code, out, error } = await run(3, [...inputs, '-wn', '16', '-o', 'bad.mrc', ...args]);
      expect(sentencesIn(error)).toEqual([expect.stringMatching(sentence)]);
      expect([2, 3, 4]).toContain(code);
      expect(out).toBe('');
      expect(existsSync(workplace.path('bad.mrc'))).toBe(false);
    });

    it('say that a rank cannot use its state folder', async () => {
      const ranks = start(workplace, 2, [...inputs, '-wn', '16', '-o', 'bad.mrc', '-mpi'], (rank) =>
        [
          'export LOCSCALE_RANK_TIMEOUT=4',
          rank === 1 ? `export LOCSCALE_HOME='${workplace.path('half1.mrc')}'` : '',
        ].join('\n'),
      );
      const { code, error } = await ranks.finished;
      expect(sentencesIn(error)).toContainEqual(
        expect.stringMatching(/^locscale: Rank 1 on \S+: The folder of the store, .*half1\.mrc.* cannot be made/),
      );
      // srun lets rank 0 wait for it in vain.
      if (start === byMpirun) expect(sentencesIn(error)).toHaveLength(1);
      expect(code).toBe(start === byMpirun ? 4 : 6);
    });

    // What watches the folder of the run does not know the launcher. srun, which ends nobody, leaves all of it to be seen.
    it.runIf(start === bySrunVariables)('say that a rank has no room for its results', async () => {
      await forgetResults();
      const args = [...inputs, '-wn', '60', '-np', '1', '-o', 'bad.mrc', '-mpi'];
      // Messages are short, results are not.
      const { code, out, error } = await start(workplace, 2, args, (rank) => (rank === 1 ? 'ulimit -f 8' : ''))
        .finished;
      expect(sentencesIn(error)).toEqual([
        expect.stringMatching(
          /^locscale: Rank 1 on \S+: The ranks exchange their parts in \S+, which has no room left/,
        ),
      ]);
      expect(code).toBe(4);
      expect(out).toBe('');
    });

    it.runIf(start === bySrunVariables)('say that they do not share a folder', async () => {
      const ranks = start(workplace, 2, [...inputs, '-wn', '16', '-o', 'bad.mrc', '-mpi'], (rank) =>
        [
          'export LOCSCALE_RANK_TIMEOUT=3',
          rank === 1 ? `export LOCSCALE_HOME='${workplace.path('elsewhere')}'` : '',
        ].join('\n'),
      );
      const { code, error } = await ranks.finished;
      expect(sentencesIn(error)).toEqual([
        expect.stringMatching(/^locscale: 1 of 2 ranks \(1\) did not appear in \S+ within 3 s; .* set LOCSCALE_HOME/),
      ]);
      expect(code).toBe(6);
    });
  });

  describe.skipIf(!available)(
    `while they scale (${available ? 'available' : 'skipped: mpirun is not installed'})`,
    () => {
      const slow = [
        '-em',
        'map.mrc',
        '-mm',
        'map.mrc',
        '-ma',
        'everywhere.mrc',
        '-wn',
        '60',
        '-np',
        '1',
        '-o',
        'out.mrc',
        '-mpi',
      ];

      interface Scaling extends Ranks {
        readonly pids: readonly number[];
        readonly startTimes: readonly (string | null)[];
      }

      /** Starts them, and waits until all have taken some of the work. */
      const scaling = async (size: number, words = '', launcherEnv = {}): Promise<Scaling> => {
        await forgetResults();
        const ranks = start(workplace, size, slow, () => words, launcherEnv);
        await until(() => namesOfRun(home()).filter((name) => name.startsWith('1.unit-')).length >= size);
        await new Promise((resolve) => setTimeout(resolve, 500));
        const pids = Array.from({ length: size }, (_each, rank) => pidOf(home(), rank));
        return { ...ranks, pids, startTimes: await Promise.all(pids.map(processStartTime)) };
      };

      const noneRuns = async ({ pids, startTimes }: Scaling): Promise<boolean> => {
        // mpirun does not wait for those that it kills.
        for (const deadline = Date.now() + 5_000; Date.now() < deadline;) {
          const running = await Promise.all(pids.map((pid, i) => isSameProcess(pid, startTimes[i] ?? '')));
          if (running.every((runs) => !runs)) return true;
        }
        return false;
      };

      it.each(start === byMpirun ? [1, 2] : [1])(
        'a rank that is killed ends all with one sentence (rank %d of 3)',
        async (victim) => {
          const ranks = await scaling(3);
          process.kill(ranks.pids[victim] ?? 0, 'SIGKILL');
          const { code, out, error } = await ranks.finished;
          expect(sentencesIn(error)).toEqual([
            expect.stringMatching(
              new RegExp(`^locscale: Rank ${victim} \\(process \\d+ on \\S+\\) ended without a word`),
            ),
          ]);
          expect({ code: code === 0, out }).toEqual({ code: false, out: '' });
          expect(existsSync(workplace.path('out.mrc'))).toBe(false);
          expect(await noneRuns(ranks)).toBe(true);
        },
      );

      it('rank 0 that is killed ends all', async () => {
        const ranks = await scaling(3);
        process.kill(ranks.pids[0] ?? 0, 'SIGKILL');
        const { code, error } = await ranks.finished;
        // mpirun itself says which rank was killed, and may end the others before they notice.
        const ours = sentencesIn(error);
        expect(ours.length).toBeLessThanOrEqual(1);
        if (start !== byMpirun)
          expect(ours).toEqual([expect.stringMatching(/^locscale: Rank 0 .* ended without a word/)]);
        expect(code).not.toBe(0);
        expect(existsSync(workplace.path('out.mrc'))).toBe(false);
        expect(await noneRuns(ranks)).toBe(true);
      });

      it.runIf(start === bySrunVariables)('a rank that falls silent ends all after a while', async () => {
        const ranks = await scaling(2, 'export LOCSCALE_RANK_TIMEOUT=6');
        const silent = ranks.pids[1] ?? 0;
        process.kill(silent, 'SIGSTOP');
        try {
          await until(() => !existsSync(`/proc/${ranks.pids[0]}`) || namesOfRun(home()).includes('failed'));
        } finally {
          process.kill(silent, 'SIGKILL');
        }
        const { code, error } = await ranks.finished;
        expect(sentencesIn(error)).toEqual([
          expect.stringMatching(/^locscale: Rank 1 on \S+ has given no sign of life for 6 s/),
        ]);
        expect(code).not.toBe(0);
        expect(await noneRuns(ranks)).toBe(true);
      });

      it.each(['SIGINT', 'SIGTERM'] as const)('%s cancels them all', async (signal) => {
        // Open MPI kills those that still run a second after the signal; where others want the machine, last words take longer.
        const ranks = await scaling(2, '', { OMPI_MCA_odls_base_sigkill_timeout: '5' });
        const target = ranks.launcher?.child.pid ?? ranks.pids[0] ?? 0;
        process.kill(target, signal);
        const { code, out, error } = await ranks.finished;
        expect(sentencesIn(error)).toEqual(['locscale: The job was cancelled; nothing was written.']);
        expect({ code: code === 0, out }).toEqual({ code: false, out: '' });
        expect(existsSync(workplace.path('out.mrc'))).toBe(false);
        expect(await noneRuns(ranks)).toBe(true);
      });
    },
  );
});

/** Our own sentences; launchers add theirs. */
const sentencesIn = (error: string): readonly string[] =>
  error.split('\n').filter((line) => line.startsWith('locscale: '));

it('-mpi without a launcher is one process, and says so', async () => {
  const small = await writeInputs(workplace, 32);
  const { code, error } = await workplace.run(...small, '-wn', '10', '-o', 'single.mrc', '-mpi');
  expect(error).toContain('Note: -mpi has one process only; start several with mpirun');
  expect(code).toBe(0);
  expect(existsSync(workplace.path('home/daemon.json'))).toBe(false);
});

const golden = join(root, '..', 'shared', 'golden', 'cube96-6wqa');
describe.skipIf(!hasMpirun || !existsSync(golden))(
  'golden case cube96-6wqa by mpirun (skipped without mpirun or ../shared)',
  () => {
    it('is the map of LocScale within 1e-5 of its standard deviation over the scaled voxels', async () => {
      const file = (name: string): string => join(golden, `${name}.mrc.gz`);
      const maps = ['-hm', file('half1'), file('half2'), '-mm', file('model_map'), '-ma', file('mask')];
      await forgetResults();
      expect((await byMpirun(workplace, 2, [...maps, '-o', 'golden.mrc', '-mpi']).finished).code).toBe(0);
      const [ours, theirs] = [
        await readVolume(workplace.path('golden.mrc')),
        await readVolume(file('locscale_atomic')),
      ];
      const scaled = [...theirs.voxels.keys()].filter((i) => theirs.voxels[i] !== 0);
      const values = scaled.map((i) => theirs.voxels[i] ?? 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      const worst = scaled.reduce(
        (most, i) => Math.max(most, Math.abs((ours.voxels[i] ?? NaN) - (theirs.voxels[i] ?? NaN))),
        0,
      );
      expect(scaled).toHaveLength(33_928);
      expect(worst / sd).toBeLessThan(1e-5);
    });
  },
);
