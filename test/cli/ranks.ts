import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, type Started, type Workplace } from './locscale.js';

/** Whether mpirun is there; `npm test` installs it where it may (scripts/test-tools.mjs). */
export const hasMpirun = spawnSync('mpirun', ['--version']).status === 0;

/** Open MPI refuses root unless told twice, and more ranks than processors unless told so. */
const mpirunEnv = { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };

/** Words for the shell that starts a rank: variables, limits. */
export type SetUp = (rank: number) => string;

/** Several processes of one run, however they were started. */
export interface Ranks {
  /** Exit code of the launcher, or the highest one of the processes, as srun has it; both streams of all. */
  readonly finished: Promise<{ readonly code: number; readonly out: string; readonly error: string }>;
  readonly launcher: Started | null;
}

/** A way to start them; with variables for the launcher, where there is one. */
export type Start = (
  workplace: Workplace,
  size: number,
  args: readonly string[],
  setUp?: SetUp,
  launcherEnv?: NodeJS.ProcessEnv,
) => Ranks;

const inShell = (words: string, args: readonly string[]): readonly string[] => [
  '-c',
  `${words}\nexec "$@"`,
  'sh',
  process.execPath,
  program,
  ...args,
];

/** The real mpirun. */
export const byMpirun: Start = (workplace, size, args, setUp = () => '', launcherEnv = {}) => {
  const cases = Array.from({ length: size }, (_, rank) => `${rank})\n${setUp(rank)}\n;;`);
  const words = `case $OMPI_COMM_WORLD_RANK in\n${cases.join('\n')}\nesac`;
  const command = ['--oversubscribe', '-np', String(size), 'sh', ...inShell(words, args)];
  const started = workplace.start('mpirun', command, { ...mpirunEnv, ...launcherEnv });
  // What the launcher's own library says of a machine without /sys is not ours.
  const ours = (error: string): string => error.replaceAll(/^\[hwloc\/.*\n/gm, '');
  const finished = started.finished.then(({ code, out, error }) => ({ code: code ?? -1, out, error: ours(error) }));
  return { finished, launcher: started };
};

let steps = 0;

/** Processes with the variables of srun, which, other than mpirun, leaves the others alone when one ends. */
export const bySrunVariables: Start = (workplace, size, args, setUp = () => '') => {
  const step = { SLURM_JOB_ID: '4711', SLURM_STEP_ID: String(steps++), SLURM_STEP_NUM_TASKS: String(size) };
  const processes = Array.from({ length: size }, (_, rank) =>
    workplace.start('sh', inShell(setUp(rank), args), { ...step, SLURM_PROCID: String(rank) }),
  );
  const finished = Promise.all(processes.map((each) => each.finished)).then((all) => ({
    code: Math.max(...all.map(({ code }) => code ?? 137)),
    out: all.map(({ out }) => out).join(''),
    error: all.map(({ error }) => error).join(''),
  }));
  return { finished, launcher: null };
};

/** Folders of the runs that are in progress, or were killed, below the state folder `home`. */
export function runFolders(home: string): readonly string[] {
  const ranks = join(home, 'store', 'ranks');
  const folders = (path: string): readonly string[] =>
    existsSync(path)
      ? readdirSync(path, { withFileTypes: true })
          .filter((each) => each.isDirectory())
          .map((each) => join(path, each.name))
      : [];
  return folders(ranks).flatMap(folders);
}

/** The names in the folder of the run in progress; none before it began. */
export const namesOfRun = (home: string): readonly string[] =>
  runFolders(home).flatMap((folder) => readdirSync(folder));

/** Process number of a rank. */
export function pidOf(home: string, rank: number): number {
  const [folder = ''] = runFolders(home);
  const joined = JSON.parse(readFileSync(join(folder, `join-${rank}`), 'utf8')) as { identity: { pid: number } };
  return joined.identity.pid;
}
