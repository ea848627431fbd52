import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stalls } from '../stalls.js';
import { cube, noise, type Started, Workplace, writeInputs, writeMap } from './locscale.js';

/** About a quarter of a minute of scaling on one thread: long enough to be interrupted in the middle. */
const edge = 200;
const slow = ['-em', 'map.mrc', '-mm', 'map.mrc', '-ma', 'mask.mrc', '-wn', '40', '-np', '1', '-o', 'out.mrc'];

let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
  await writeMap(workplace.path('map.mrc'), cube(edge), noise(1));
  await writeMap(workplace.path('mask.mrc'), cube(edge), () => 1);
});
afterAll(() => workplace.close());

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
};

/** Starts the slow run and waits until it has begun to scale. */
async function started(route: readonly string[]): Promise<Started> {
  const run = workplace.start(process.execPath, [workplace.program, ...slow, ...route]);
  await until(() => run.output.error.includes('%'));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return run;
}

const jobStates = async (): Promise<readonly string[]> => {
  const list = JSON.parse((await workplace.run('jobs', '--json')).out) as { jobs: { state: string }[] };
  return list.jobs.map((job) => job.state);
};

describe.each([
  ['through the daemon', []],
  ['in process', ['--no-daemon']],
])('Ctrl-C %s', (_, route) => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s cancels within two seconds and writes nothing',
    stalls,
    async (signal) => {
      const run = await started(route);
      const asked = performance.now();
      run.child.kill(signal);
      const { code, out, error } = await run.finished;
      expect(performance.now() - asked).toBeLessThan(2_000);
      expect(error).toMatch(/locscale: .*cancelled/i);
      expect({ code, out }).toEqual({ code: 5, out: '' });
      expect(existsSync(workplace.path('out.mrc'))).toBe(false);
      if (route.length === 0) expect((await jobStates())[0]).toBe('cancelled');
    },
  );
});

it('leaves at once at the second Ctrl-C when the daemon does not react to the first', async () => {
  const run = await started([]);
  const { pid } = JSON.parse(readFileSync(workplace.path('home/daemon.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGSTOP');
  try {
    run.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(run.child.exitCode).toBeNull();
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until(async () => (await jobStates())[0] === 'cancelled');
});

it('runs on in the daemon when the command is killed, and is cancelled by `locscale jobs cancel`', async () => {
  const run = await started([]);
  run.child.kill('SIGKILL');
  await run.finished;
  const list = JSON.parse((await workplace.run('jobs', 'list', '--json')).out) as {
    jobs: { id: string; state: string }[];
  };
  const [newest] = list.jobs;
  expect(newest?.state).toBe('running');
  const id = newest?.id ?? '';
  expect((await workplace.run('jobs', 'cancel', id)).code).toBe(0);
  await until(async () => (await jobStates())[0] === 'cancelled');
  const again = await workplace.run('jobs', 'cancel', id, '--json');
  expect(JSON.parse(again.out)).toMatchObject({ ok: false, error: { kind: 'job.finished' } });
  expect((await workplace.run('jobs', 'show', id)).out).toContain('cancelled');
});

it('says that it waits while another job runs, and is cancelled while it waits', async () => {
  const first = await started([]);
  const second = workplace.start(process.execPath, [workplace.program, ...slow, '-o', 'second.mrc']);
  await until(() => second.output.error.includes('Waiting for other jobs to end'));
  second.child.kill('SIGINT');
  expect((await second.finished).code).toBe(5);
  first.child.kill('SIGINT');
  expect((await first.finished).code).toBe(5);
});

it('fails with a reason and exit code 1 when the engine is killed, and the next run succeeds', async () => {
  const run = await started([]);
  const workers = JSON.parse(readFileSync(workplace.path('home/workers.json'), 'utf8')) as { pid: number }[];
  expect(workers.length).toBeGreaterThan(0);
  for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  const { code, error } = await run.finished;
  expect(error).toMatch(/locscale: .*(SIGKILL|killed|engine)/i);
  expect(code).toBe(1);
  expect((await workplace.run(...(await writeInputs(workplace)), '-wn', '10', '-o', 'next.mrc')).code).toBe(0);
});
