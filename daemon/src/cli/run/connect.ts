import { hostname } from 'node:os';
import { apiVersion, type ConnectionFile, LocScaleError, type Result, type RpcClient } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { programVersion } from '../../engine/version.js';
import { processStartTime } from '../../jobs/process-identity.js';
import { readConnection } from '../../server/connection-file.js';
import { readToken } from '../../server/token.js';
import { statePaths } from '../../state.js';
import { spawnDaemon } from './spawn-daemon.js';

/** A connected client that has said hello. */
export interface Session {
  readonly client: RpcClient;
  readonly hello: Result<'session.hello'>;
  /** The connection file's content: address, token file, process. */
  readonly connection: ConnectionFile;
}

/**
 * Connects to the daemon of this user and host, or returns null when none runs. `anyApi` accepts one that speaks another
 * major version of the protocol, so that it can at least be stopped.
 */
export async function connectToRunning(options: { readonly anyApi?: boolean } = {}): Promise<Session | null> {
  const paths = statePaths();
  const connection = await readConnection(paths.connectionFile);
  if (connection === null) return null;
  if (connection.host !== hostname()) {
    throw new LocScaleError(
      'connection.refused',
      `The daemon in ${paths.runtime} runs on ${connection.host}, this is ${hostname()}; set LOCSCALE_HOME to a folder of ` +
        'this machine, or use --no-daemon.',
    );
  }
  try {
    const client = await connect(connection.url, { token: await readToken(connection.tokenFile) });
    return { client, hello: await sayHello(client, options.anyApi ?? false), connection };
  } catch (error) {
    // The file outlived a daemon that was killed; by now another program may answer at its port.
    if (error instanceof LocScaleError && error.kind === 'connection.refused') return null;
    if ((await processStartTime(connection.pid)) === null) return null;
    throw error;
  }
}

/** Connects to the daemon, starting one when none runs. */
export async function connectOrStart(): Promise<Session> {
  return (await connectToRunning()) ?? (await spawnDaemon(() => connectToRunning()));
}

/** Starts a daemon with options of its own; one that runs already does not have them. */
export async function startWith(options: readonly string[]): Promise<Session> {
  const running = await connectToRunning();
  if (running === null) return spawnDaemon(() => connectToRunning(), options);
  running.client.close();
  throw new LocScaleError(
    'limit.busy',
    `A daemon runs already (pid ${running.connection.pid}) and keeps its options; end it first: locscale daemon stop`,
  );
}

/** Connects to the daemon, or says that none runs and how to start one. */
export async function connectOrFail(): Promise<Session> {
  const session = await connectToRunning();
  if (session !== null) return session;
  throw new LocScaleError('connection.refused', 'No daemon is running here; start it with `locscale daemon start`.');
}

async function sayHello(client: RpcClient, anyApi: boolean): Promise<Session['hello']> {
  const hello = await client.call('session.hello', { client: `locscale ${programVersion}`, api: apiVersion });
  if (anyApi || major(hello.api) === major(apiVersion)) return hello;
  client.close();
  throw new LocScaleError(
    'daemon.stopping',
    `The running daemon (${hello.version}) speaks protocol ${hello.api}, this program needs ${major(apiVersion)}.x; ` +
      'end it with `locscale daemon stop` and try again.',
  );
}

const major = (version: string): string => version.split('.')[0] ?? version;
