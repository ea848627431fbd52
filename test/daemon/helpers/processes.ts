import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RpcClient } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { onTestFinished } from 'vitest';
import { readConnection, readToken } from '../../../daemon/dist/server/index.js';

const entry = fileURLToPath(new URL('../../../daemon/dist/server/main.js', import.meta.url));

/** A daemon in a process of its own. */
export function spawnDaemon(home: string): ChildProcess {
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, LOCSCALE_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Connects to the daemon of this process id as soon as it listens. */
export async function connectTo(
  home: string,
  pid: number | undefined,
): Promise<{ readonly client: RpcClient; readonly token: string; readonly url: string }> {
  const path = join(home, 'daemon.json');
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const connection = await readConnection(path);
    if (connection !== null && connection.pid === pid) {
      const token = await readToken(connection.tokenFile);
      const client: RpcClient = await connect(connection.url, { token });
      return { client, token, url: connection.url };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the daemon did not start');
}

export async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

/** Pids of the engines that a daemon has running now. */
export function enginePids(home: string): number[] {
  const workers = JSON.parse(readFileSync(join(home, 'workers.json'), 'utf8')) as { readonly pid: number }[];
  return workers.map(({ pid }) => pid);
}

/** Priorities of the threads of a process, as `nice` counts (Linux). */
export function niceness(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    // The 19th field; the second one, the name in brackets, may hold blanks.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

/** Whether a process runs: not gone and not a zombie. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

export async function until(condition: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not so within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
