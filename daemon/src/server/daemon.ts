import { EventEmitter, once } from 'node:events';
import { hostname } from 'node:os';
import type { Server } from 'node:http';
import { apiVersion, createRpcServer, defaultLimits, type Limits, LocScaleError } from '@chimerax-like/rpc';
import { programVersion } from '../engine/version.js';
import {
  EngineSlot,
  fileLog,
  JobService,
  JobTable,
  Journal,
  type JobEvent,
  MemoryGate,
  memoryBudget,
  VolumeRegistry,
  VolumeTasks,
  WorkersFile,
} from '../jobs/index.js';
import { prepareFolders, type StatePaths, statePaths } from '../state.js';
import { accessRules, type AccessRules } from './access.js';
import { removeConnection, writeConnection } from './connection-file.js';
import { createHandlers } from './handlers.js';
import { createHttpServer } from './http.js';
import { takeLock } from './lock.js';
import { watchLoopDelay } from './loop-delay.js';
import { Sockets } from './sockets.js';
import { createToken } from './token.js';

export interface DaemonOptions {
  /** Environment that says where state lies; default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Loopback address to listen on. */
  readonly host?: string;
  /** 0 (default): any free port. */
  readonly port?: number;
  /** Origins of pages, besides the daemon's own, that may use it; exact. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Budget of all engines together, bytes; default: what `memoryBudget` finds. */
  readonly memoryBytes?: number;
  /** Silence after which an engine counts as hanging, ms. */
  readonly watchdogMs?: number;
}

/** A running daemon. */
export interface Daemon {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly paths: StatePaths;
  /** Stops: nothing new, running job until the deadline, files put in order. Resolves when all is down. */
  readonly stop: (deadlineMs?: number) => Promise<void>;
  /** Resolves once the daemon has stopped, whoever asked for it. */
  readonly stopped: Promise<void>;
}

/** Starts the daemon in this process, or throws the one sentence that says why not. */
export async function startDaemon(options: DaemonOptions = {}): Promise<Daemon> {
  const { env = process.env, host = '127.0.0.1', port = 0, origins = [], watchdogMs = 30_000 } = options;
  assertLoopback(host);
  const paths = statePaths(env);
  await prepareFolders(paths);
  const lock = await takeLock(paths.lockFile);
  try {
    return await startLocked();
  } catch (error) {
    await lock.release();
    throw error;
  }

  async function startLocked(): Promise<Daemon> {
    const secrets = new Set<string>();
    const log = fileLog(paths.daemonLog, undefined, secrets);
    const limits: Limits = { ...defaultLimits, ...options.limits };
    const startedAt = new Date();
    const delay = watchLoopDelay();
    const events = new EventEmitter<{ job: [JobEvent] }>();
    const publish = (event: JobEvent): void => void events.emit('job', event);

    const workers = new WorkersFile(paths.workersFile);
    const leftovers = await workers.endLeftovers();
    const registry = new VolumeRegistry(paths.volumes);
    await registry.load();
    const gate = new MemoryGate(options.memoryBytes ?? (await memoryBudget()));
    const engine = new EngineSlot({ workers, log, watchdogMs });
    const helper = new EngineSlot({ workers, log, watchdogMs });
    const tasks = new VolumeTasks(registry, helper, gate, (text) =>
      log('warn', 'engine.output', { text: text.trim() }),
    );
    const journal = new Journal(paths.journal);
    const table = new JobTable(journal, publish, log);
    const jobs = new JobService({ table, registry, engine, publish, logFolder: paths.logs }, gate);
    await jobs.resume(leftovers);
    void engine.info();

    let rules: AccessRules | undefined;
    const currentRules = (): AccessRules => {
      if (rules === undefined) throw new LocScaleError('daemon.stopping', 'The daemon is not ready yet; try again.');
      return rules;
    };
    const http = createHttpServer({ registry, tasks, limits, log, rules: currentRules });
    let stopping: Promise<void> | undefined;
    const stop = (deadlineMs = 10_000): Promise<void> => (stopping ??= shutDown(deadlineMs));
    let announceStopped: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (announceStopped = resolve));
    const handlers = createHandlers({
      ...{ jobs, registry, tasks, engine, gate, limits, delay, startedAt },
      sockets: () => sockets.size,
      // The answer goes out before the sockets are closed.
      shutdown: (deadlineMs) => void setTimeout(() => void stop(deadlineMs), 50),
    });
    const rpc = createRpcServer({
      handlers,
      limits,
      onInternalError: (report) => log('error', 'rpc.defect', { ...report, error: describeDefect(report.error) }),
    });
    const sockets = new Sockets(http, { rpc, limits, log, rules: currentRules });
    events.on('job', (event) => sockets.publish(event));

    const actualPort = await listen(http, host, port);
    const token = await createToken(paths.tokenFile);
    secrets.add(token);
    rules = accessRules(actualPort, token, origins);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
    await writeConnection(paths.connectionFile, {
      url,
      host: hostname(),
      pid: process.pid,
      startTime: startedAt.toISOString(),
      tokenFile: paths.tokenFile,
      version: programVersion,
      api: apiVersion,
    });
    delay.restart();
    log('info', 'daemon.started', { url, pid: process.pid, version: programVersion });
    return { url, paths, stop, stopped };

    async function shutDown(deadlineMs: number): Promise<void> {
      log('info', 'daemon.stopping', { deadlineMs });
      await removeConnection(paths.connectionFile);
      http.close();
      await jobs.stop(deadlineMs);
      await sockets.close();
      http.closeAllConnections();
      await Promise.all([engine.stop(), helper.stop()]);
      await journal.close();
      await removeConnection(paths.tokenFile);
      delay.stop();
      await lock.release();
      log('info', 'daemon.stopped');
      announceStopped();
    }
  }
}

/** Whoever can reach the port and has the token can read the user's files, so nothing but this machine may reach it. */
function assertLoopback(host: string): void {
  if (/^127(\.\d{1,3}){3}$/.test(host) || host === '::1') return;
  throw new LocScaleError(
    'input.parameter',
    `The daemon listens on loopback addresses (127.0.0.1 or ::1) only, not on ${JSON.stringify(host)}; from another machine use an SSH tunnel: ssh -L PORT:127.0.0.1:PORT HOST`,
  );
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function describeDefect(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
