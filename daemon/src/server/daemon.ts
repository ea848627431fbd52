import { hostname } from 'node:os';
import { apiVersion, createRpcServer, defaultLimits, type Limits, LocScaleError } from '@chimerax-like/rpc';
import { archiveOf } from '../emdb/index.js';
import { fileLog, type JobEvent, openWorkshop, programVersion } from '../jobs/index.js';
import { prepareFolders, type StatePaths, statePaths } from '../state.js';
import { accessRules, type AccessRules } from './access.js';
import { removeConnection, writeConnection } from './connection-file.js';
import { EmdbEntries, type EmdbProgress } from './emdb-entries.js';
import { createHandlers } from './handlers.js';
import { createHttpServer } from './http.js';
import { listen } from './listen.js';
import { type Lock, takeLock } from './lock.js';
import { watchLoopDelay } from './loop-delay.js';
import { Page } from './page.js';
import { PageSessions } from './page-sessions.js';
import { listenRemote, type RemoteListener } from './remote-listener.js';
import { guardRemote } from './remote-peer.js';
import { Sockets } from './sockets.js';
import { type Identity, readIdentity, type RemoteOptions } from './tls.js';
import { createToken, removeToken } from './token.js';
import { type ViewerEvent, ViewerService } from '../viewers/index.js';

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
  /** Budget of all engines together, bytes; default: what the control group or the machine has. */
  readonly memoryBytes?: number;
  /** Listens for other machines too, over TLS. */
  readonly remote?: RemoteOptions | undefined;
  /** Folder of another web page than the one that comes with LocScale. */
  readonly pageFolder?: string;
  /** Patience with a ChimeraX behind REST, ms. */
  readonly rest?: { readonly timeoutMs?: number; readonly retryMs?: number };
  /** Silence after which an engine counts as hanging, ms. */
  readonly watchdogMs?: number;
}

/** A running daemon. */
export interface Daemon {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `https://NAME:PORT` for other machines; null when the daemon does not listen for them. */
  readonly remoteUrl: string | null;
  readonly paths: StatePaths;
  /** Stops: nothing new, running job until the deadline, files put in order. Resolves when all is down. */
  readonly stop: (deadlineMs?: number) => Promise<void>;
  /** Resolves once the daemon has stopped, whoever asked for it. */
  readonly stopped: Promise<void>;
}

/** Time that a running job has to end by itself when the daemon is asked to stop without saying how long. */
const stopDeadlineMs = 10_000;
/** Silence of an engine that is taken for a hang; its JavaScript thread never computes for longer than a moment. */
const defaultWatchdogMs = 30_000;

/** Starts the daemon in this process, or throws the one sentence that says why not. */
export async function startDaemon(options: DaemonOptions = {}): Promise<Daemon> {
  assertLoopback(options.host ?? '127.0.0.1');
  const identity = options.remote === undefined ? null : await readIdentity(options.remote);
  const paths = statePaths(options.env);
  await prepareFolders(paths);
  const lock = await takeLock(paths.lockFile);
  const undo: (() => void | Promise<void>)[] = [() => lock.release()];
  try {
    return await startLocked(options, identity, paths, lock, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

/** `undo` gathers how to take back each thing that was opened, for a start that fails later on. */
async function startLocked(
  options: DaemonOptions,
  identity: Identity | null,
  paths: StatePaths,
  lock: Lock,
  undo: (() => void | Promise<void>)[],
): Promise<Daemon> {
  const { host = '127.0.0.1', port = 0, origins = [], watchdogMs = defaultWatchdogMs, memoryBytes } = options;
  const token = await createToken(paths.tokenFile);
  undo.push(() => removeToken(paths.tokenFile));
  const log = fileLog(paths.daemonLog, new Set([token]));
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const startedAt = new Date();
  const delay = watchLoopDelay();
  undo.push(() => delay.stop());
  // Nobody listens yet while the jobs of an earlier daemon are brought back.
  let publish: (event: JobEvent) => void = () => undefined;
  let publishScene: (event: ViewerEvent) => void = () => undefined;
  let publishEmdb: (progress: EmdbProgress) => void = () => undefined;
  const workshop = await openWorkshop({
    ...{ paths, log, watchdogMs, memoryBytes },
    publish: (event) => publish(event),
  });
  undo.push(() => workshop.stop(0));
  const viewers = await ViewerService.open({
    ...{ workshop, log, sceneFile: paths.sceneFile, viewsFolder: paths.views, rest: options.rest },
    publish: (event) => publishScene(event),
  });
  const emdb = new EmdbEntries({
    ...{ archive: archiveOf(options.env), folder: paths.emdb, registry: workshop.registry },
    mostBytes: limits.uploadBytes,
    publish: (progress) => publishEmdb(progress),
  });
  undo.push(() => emdb.stopAll());

  // The rules name the port, which is known only once the server listens; nothing can be asked before that.
  const pages = new PageSessions(paths.pagesFile);
  undo.push(() => pages.close());
  const page = new Page({ sessions: pages, runtimeFolder: paths.runtime, folder: options.pageFolder });
  let rules: AccessRules = accessRules(0, token, pages, []);
  let url = '';
  const httpParts = { workshop, page, limits, log };
  const http = createHttpServer({ ...httpParts, rules: () => rules });
  let remote: RemoteListener | null = null;
  const handlers = createHandlers({
    ...{ workshop, viewers, emdb, paths, limits, delay, startedAt },
    sockets: () => sockets.size,
    pageAddress: ({ inputs }, { reach }) =>
      reach === 'local' ? page.address(url, true, inputs) : page.address(remote?.url ?? '', false, inputs),
    // The answer goes out before the sockets are closed.
    shutdown: (deadlineMs) => void setTimeout(() => void stop(deadlineMs), 50),
  });
  const onInternalError = ({ error, ...report }: { readonly error: unknown }): void =>
    log('error', 'rpc.defect', { ...report, error: error instanceof Error ? error.stack : String(error) });
  const sockets = new Sockets({
    ...{ limits, log },
    rpc: createRpcServer({ handlers: guardRemote(handlers), limits, onInternalError }),
    onLeave: ({ viewer }) => viewers.leave(viewer),
  });
  sockets.serve(http, 'local', () => rules);

  publish = (event) => {
    sockets.publish(event);
    viewers.onJobEvent(event);
  };
  publishScene = (event) => sockets.publishScene(event);
  publishEmdb = (progress) => sockets.publishEmdb(progress);

  await listen(http, { host, port }, paths.portFile, pages, (bound) => {
    rules = accessRules(bound, token, pages, origins);
    url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  });
  const hangUp = async (): Promise<void> => {
    await sockets.close();
    http.closeAllConnections();
    remote?.hangUp();
  };
  const stopListening = (): void => {
    http.close();
    remote?.stopListening();
  };
  undo.push(() => (stopListening(), hangUp()));
  if (options.remote !== undefined && identity !== null)
    remote = await listenRemote(options.remote, identity, { http: httpParts, sockets, token, pages });
  await writeConnection(paths.connectionFile, {
    url,
    ...(remote === null ? {} : { remoteUrl: remote.url }),
    host: hostname(),
    pid: process.pid,
    startTime: startedAt.toISOString(),
    tokenFile: paths.tokenFile,
    version: programVersion,
    api: apiVersion,
  });
  delay.restart();
  log('info', 'daemon.started', { url, remoteUrl: remote?.url, pid: process.pid, version: programVersion });

  const { promise: stopped, resolve: announceStopped } = promiseWithResolver();
  let stopping: Promise<void> | undefined;
  const stop = (deadlineMs = stopDeadlineMs): Promise<void> => (stopping ??= shutDown(deadlineMs));
  const shutDown = async (deadlineMs: number): Promise<void> => {
    log('info', 'daemon.stopping', { deadlineMs });
    await removeConnection(paths.connectionFile);
    stopListening();
    emdb.stopAll();
    await workshop.stop(deadlineMs);
    await hangUp();
    await viewers.stop();
    pages.close();
    await pages.save();
    await removeToken(paths.tokenFile);
    delay.stop();
    await lock.release();
    log('info', 'daemon.stopped');
    announceStopped();
  };
  return { url, remoteUrl: remote?.url ?? null, paths, stop, stopped };
}

function promiseWithResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Whoever can reach the port and has the token can read the user's files, so nothing but this machine may reach it. */
function assertLoopback(host: string): void {
  if (/^127(\.\d{1,3}){3}$/.test(host) || host === '::1') return;
  throw new LocScaleError(
    'input.parameter',
    `The daemon listens on loopback addresses (127.0.0.1 or ::1), not on ${JSON.stringify(host)}; from another machine use an SSH tunnel, ssh -L PORT:127.0.0.1:PORT HOST, or start it with --remote and a certificate`,
  );
}
