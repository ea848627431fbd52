import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processStartTime } from '../../daemon/src/jobs/process-identity.js';
import { Workplace, writeInputs } from './locscale.js';

let workplace: Workplace;
beforeEach(async () => (workplace = await Workplace.create()));
afterEach(() => workplace.close());

const listen = (server: Server, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    server.once('error', () => resolve(false)); // the port is not free yet
    server.listen(port, '127.0.0.1', () => resolve(true));
  });

const connection = (): { pid: number; url: string } =>
  JSON.parse(readFileSync(workplace.path('home/daemon.json'), 'utf8')) as { pid: number; url: string };

it('starts, answers, stops, and says so each time', async () => {
  const absent = await workplace.run('daemon', 'status');
  expect(absent).toMatchObject({ code: 6, out: '' });
  expect(absent.error).toContain('No daemon is running here; start it with `locscale daemon start`.');

  const allowed = 'http://localhost:5173';
  const start = JSON.parse((await workplace.run('daemon', 'start', '--origin', allowed, '--json')).out) as Record<
    string,
    unknown
  >;
  expect(start).toMatchObject({ ok: true, ...connection() });
  const statusFor = async (origin: string): Promise<number> => {
    const authorization = `Bearer ${readFileSync(String(start['tokenFile']), 'utf8').trim()}`;
    return (await fetch(`${connection().url}/volumes/vol-0000000000000000`, { headers: { origin, authorization } }))
      .status;
  };
  expect([await statusFor(allowed), await statusFor('http://localhost:5174')]).toEqual([404, 403]);
  expect(statSync(String(start['tokenFile'])).mode & 0o777).toBe(0o600);
  expect((await workplace.run('daemon', 'start')).out).toContain(`runs at ${connection().url}`); // the same one

  const status = JSON.parse((await workplace.run('daemon', 'status', '--json')).out) as Record<string, unknown>;
  expect(status).toMatchObject({ ok: true, status: { pid: connection().pid, volumes: 0 } });
  expect((await workplace.run('daemon', 'status')).out).toMatch(
    /^Daemon .*\nJobs: 0 running.*\nMemory: .*\nEngine: SIMD/,
  );

  const { pid } = connection();
  expect(JSON.parse((await workplace.run('daemon', 'stop', '--json')).out)).toEqual({ ok: true, stopped: true });
  expect(await processStartTime(pid)).toBeNull(); // gone, or a zombie that nobody has reaped
  expect(JSON.parse((await workplace.run('daemon', 'stop', '--json')).out)).toEqual({ ok: true, stopped: false });
});

it('is one daemon, however many commands start it at once', async () => {
  const starts = await Promise.all(Array.from({ length: 4 }, () => workplace.run('daemon', 'start', '--json')));
  const pids = starts.map(({ out }) => (JSON.parse(out) as { pid: number }).pid);
  expect(new Set(pids).size).toBe(1);
});

it('is replaced after kill -9, though its connection file is still there', async () => {
  await workplace.run('daemon', 'start');
  const { pid } = connection();
  process.kill(pid, 'SIGKILL');
  expect((await workplace.run('daemon', 'start')).code).toBe(0);
  expect(connection().pid).not.toBe(pid);
});

it('is replaced after kill -9 even when another program has got its port', async () => {
  await workplace.run('daemon', 'start');
  const { pid, url } = connection();
  process.kill(pid, 'SIGKILL');
  const other = createServer((_, response) => response.writeHead(401).end());
  while (!(await listen(other, Number(new URL(url).port)))) await sleep(50);
  try {
    expect((await workplace.run('daemon', 'start')).code).toBe(0);
    expect(connection().pid).not.toBe(pid);
  } finally {
    other.close();
  }
});

it('can be used at once after it was told to stop', async () => {
  await workplace.run('daemon', 'start');
  const [stop, version] = await Promise.all([
    workplace.run('daemon', 'stop'),
    sleep(150).then(() => workplace.run('call', 'daemon.status')),
  ]);
  expect(stop.code).toBe(0);
  expect(version, version.error).toMatchObject({ code: 0 });
});

it('says why it did not start, with the end of its log', async () => {
  await mkdir(workplace.path('home'), { mode: 0o700 });
  await mkdir(workplace.path('home/daemon.json')); // a folder where the connection file belongs
  const { code, error } = await workplace.run('daemon', 'start');
  expect(code).toBe(6);
  expect(error).toMatch(
    /The daemon did not start \(exit code \d+\); run `locscale doctor`, or see .*daemon-start\.log.*:\n/,
  );
  expect(error).toContain('EISDIR');
  await rm(workplace.path('home/daemon.json'), { recursive: true });
});

it('refuses a state folder into which others can write', async () => {
  await mkdir(workplace.path('home'));
  await chmod(workplace.path('home'), 0o777);
  const { code, error } = await workplace.run('daemon', 'start');
  expect({ code, sentence: error.includes('chmod 700') }).toEqual({ code: 6, sentence: true });
});

it('does not mistake the daemon of another machine for its own', async () => {
  await mkdir(workplace.path('home'), { mode: 0o700 });
  const file = {
    url: 'http://127.0.0.1:9',
    host: `not-${hostname()}`,
    pid: 1,
    startTime: '',
    tokenFile: '/',
    version: '0',
    api: '1.0',
  };
  await writeFile(workplace.path('home/daemon.json'), JSON.stringify(file));
  const { code, error } = await workplace.run('daemon', 'status');
  expect(error).toContain(`runs on not-${hostname()}, this is ${hostname()}`);
  expect(code).toBe(6);
});

it('runs in the foreground until a signal', async () => {
  const run = workplace.start(process.execPath, [workplace.program, 'daemon', 'run']);
  while ((await workplace.run('daemon', 'status')).code !== 0) await sleep(100);
  const second = await workplace.run('daemon', 'run');
  expect(second.error).toMatch(/locscale: A daemon runs here already/);
  expect(second.code).toBe(7);
  run.child.kill('SIGTERM');
  expect((await run.finished).code).toBe(0);
});

it('says in words that a job is unknown', async () => {
  await workplace.run('daemon', 'start');
  const typed = await workplace.run('jobs', 'show', 'abc');
  expect(typed.error).toBe(
    'locscale: "abc" is no id of a job, expected one like job-0123456789abcdef; `locscale jobs` lists them.\n',
  );
  expect(typed.code).toBe(3);
  const gone = await workplace.run('jobs', 'cancel', 'job-0000000000000000');
  expect(gone.error).toMatch(/No job has the id job-0000000000000000/);
  expect(gone.code).toBe(3);
});

it('is callable method by method for scripts', async () => {
  await writeInputs(workplace);
  const opened = await workplace.run('call', 'volume.open', JSON.stringify({ path: workplace.path('mask.mrc') }));
  const { id } = JSON.parse(opened.out) as { id: string };
  const counted = JSON.parse((await workplace.run('call', 'volume.statistics', `{"volume":"${id}"}`)).out) as {
    max: number;
  };
  expect(counted.max).toBe(1);
  const wrong = await workplace.run('call', 'volume.open', '{"pat":"x"}');
  expect(wrong.code).toBe(2);
  expect(wrong.error).toMatch(/pat/);
  const unknown = await workplace.run('call', 'volume.describe', '{"volume":"vol-0000000000000000"}', '--json');
  expect(JSON.parse(unknown.out)).toMatchObject({ ok: false, error: { kind: 'volume.unknown', exitCode: 3 } });
});
