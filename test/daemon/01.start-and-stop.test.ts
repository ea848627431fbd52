import { access, chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDaemon, readToken } from '../../daemon/dist/server/index.js';
import { kindOf, scratchFolder, testDaemon } from './helpers/daemon.js';
import { connectTo, exitOf, runs, spawnDaemon, until, enginePids } from './helpers/processes.js';

describe('start', () => {
  it('writes a connection file without a secret and a token that only the owner can read', async () => {
    const mask = process.umask(0);
    const { home, token, url } = await testDaemon().finally(() => process.umask(mask));
    const text = await readFile(join(home, 'daemon.json'), 'utf8');
    const connection = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(connection).sort()).toEqual(['api', 'host', 'pid', 'startTime', 'tokenFile', 'url', 'version']);
    expect(connection['url']).toBe(url);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(text).not.toContain(token);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(join(home, 'token'))).mode & 0o777).toBe(0o600);
    for (const folder of ['journal', 'volumes', 'logs'])
      expect((await stat(join(home, folder))).mode & 0o777).toBe(0o700);
  });

  it('makes a new token at each start', async () => {
    const home = await scratchFolder();
    const first = await startDaemon({ env: { LOCSCALE_HOME: home } });
    const token = await readToken(first.paths.tokenFile);
    await first.stop(0);
    expect((await testDaemon({ home })).token).not.toBe(token);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'localhost', '127.0.0.1.evil.com', ''])(
    'refuses to listen on "%s"',
    async (host) => {
      const home = await scratchFolder();
      const start = startDaemon({ env: { LOCSCALE_HOME: home }, host });
      await expect(start).rejects.toThrow(/loopback addresses .* SSH tunnel/);
      expect(await readdir(home)).toEqual([]);
    },
  );

  it('refuses a state folder into which others can write', async () => {
    const home = await scratchFolder();
    await chmod(home, 0o777);
    await expect(startDaemon({ env: { LOCSCALE_HOME: home } })).rejects.toThrow(/mode 777, expected 700/);
  });

  it('does not read a token that others could have read', async () => {
    const { daemon } = await testDaemon();
    await chmod(daemon.paths.tokenFile, 0o644);
    expect(await kindOf(readToken(daemon.paths.tokenFile))).toBe('access.denied');
  });
});

describe('a start that fails when the server already listens', () => {
  it('leaves no server, no engine, no token and no lock', async () => {
    const home = await scratchFolder();
    // The connection file is written last; a folder in its place cannot be replaced.
    await mkdir(join(home, 'daemon.json', 'in-the-way'), { recursive: true });
    const servers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const before = servers();
    await expect(startDaemon({ env: { LOCSCALE_HOME: home } })).rejects.toThrow(/EISDIR|ENOTEMPTY/);
    await until(() => servers() === before);
    expect(enginePids(home)).toEqual([]);
    expect((await readdir(home)).sort()).toEqual([
      'daemon.json',
      'journal',
      'logs',
      'models',
      'port',
      'volumes',
      'workers.json',
    ]);
    await rm(join(home, 'daemon.json'), { recursive: true });
    await expect(testDaemon({ home })).resolves.toBeDefined();
  });
});

describe('one instance', () => {
  it('says who runs already', async () => {
    const { home } = await testDaemon();
    await expect(startDaemon({ env: { LOCSCALE_HOME: home } })).rejects.toThrow(`pid ${process.pid}`);
  });

  it('lets exactly one of several starts at once win, also over the lock of a killed daemon', async () => {
    const home = await scratchFolder();
    for (let round = 0; round < 3; round++) {
      const starts = Array.from({ length: 4 }, () => spawnDaemon(home));
      await until(() => starts.filter(({ exitCode }) => exitCode !== null).length === 3);
      const winners = starts.filter(({ exitCode }) => exitCode === null);
      expect(winners).toHaveLength(1);
      expect(starts.filter(({ exitCode }) => exitCode === 1)).toHaveLength(3);
      const [winner] = winners;
      const { client } = await connectTo(home, winner?.pid);
      expect((await client.call('daemon.status', {})).pid).toBe(winner?.pid);
      winner?.kill('SIGKILL');
      if (winner) await exitOf(winner);
    }
  });

  it('is not stopped by a lock whose pid now belongs to another process', async () => {
    const home = await scratchFolder();
    await writeFile(join(home, 'daemon.lock'), JSON.stringify({ pid: process.ppid, startTime: 'another one' }));
    await expect(testDaemon({ home })).resolves.toBeDefined();
  });

  it('is not stopped by a damaged lock or by a guard that a dying start left', async () => {
    const home = await scratchFolder();
    await writeFile(join(home, 'daemon.lock'), '{"pid":');
    await mkdir(join(home, 'daemon.lock.guard'));
    await expect(testDaemon({ home })).resolves.toBeDefined();
  });
});

describe('stop', () => {
  it('SIGTERM: exit status 0, no connection file, no token, no lock, no engine left', async () => {
    const home = await scratchFolder();
    const child = spawnDaemon(home);
    const { client } = await connectTo(home, child.pid);
    await client.call('session.hello', {});
    const engines = enginePids(home);
    expect(engines.length).toBeGreaterThan(0);
    child.kill('SIGTERM');
    expect(await exitOf(child)).toEqual({ code: 0, signal: null });
    for (const name of ['daemon.json', 'token', 'daemon.lock'])
      await expect(access(join(home, name))).rejects.toThrow();
    expect(engines.filter(runs)).toEqual([]);
  });

  it('daemon.shutdown is answered before the daemon goes', async () => {
    const { client, daemon } = await testDaemon();
    expect(await client.call('daemon.shutdown', { deadlineSeconds: 0 })).toEqual({ stopping: true });
    await daemon.stopped;
    expect(await kindOf(client.call('daemon.status', {}))).toBe('connection.closed');
  });
});
