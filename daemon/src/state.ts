import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';

/** Every place in which the daemon keeps something; nothing else in the house builds such a path. */
export interface StatePaths {
  /** Connection file, token, lock: one set per host, because a home folder may be shared by workstations. */
  readonly runtime: string;
  /** Journal, volumes, logs. */
  readonly state: string;
  readonly connectionFile: string;
  readonly tokenFile: string;
  readonly lockFile: string;
  readonly workersFile: string;
  readonly journal: string;
  readonly volumes: string;
  /** Uploaded models. */
  readonly models: string;
  /** Results of steps; made by whoever first keeps one. */
  readonly store: string;
  /** Imported networks; made by the first import. */
  readonly networks: string;
  /** Entries of EMDB, each in a folder of its own; made by the first fetch. */
  readonly emdb: string;
  /** Port of the daemon before, so that pages which are open find the next one. */
  readonly portFile: string;
  /** Digests of the keys of pages. */
  readonly pagesFile: string;
  /** What is on the screen of the viewers. */
  readonly sceneFile: string;
  /** Maps written for viewers that open files; made by the first of them. */
  readonly views: string;
  readonly logs: string;
  readonly daemonLog: string;
}

/** Where things lie for this environment: `$LOCSCALE_HOME` holds everything, else the XDG folders (docs/architecture.md). */
export function statePaths(env: Readonly<Record<string, string | undefined>> = process.env): StatePaths {
  const home = env['LOCSCALE_HOME'];
  const state = home
    ? resolve(home)
    : join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'locscale');
  const runtimeBase = env['XDG_RUNTIME_DIR'];
  const runtime = home ? state : runtimeBase ? join(runtimeBase, 'locscale') : join(state, 'hosts', hostname());
  const logs = join(state, 'logs');
  return {
    runtime,
    state,
    connectionFile: join(runtime, 'daemon.json'),
    tokenFile: join(runtime, 'token'),
    lockFile: join(runtime, 'daemon.lock'),
    workersFile: join(runtime, 'workers.json'),
    journal: join(state, 'journal'),
    volumes: join(state, 'volumes'),
    models: join(state, 'models'),
    store: join(state, 'store'),
    networks: join(state, 'networks'),
    emdb: join(state, 'emdb'),
    portFile: join(runtime, 'port'),
    pagesFile: join(runtime, 'pages.json'),
    sceneFile: join(state, 'scene.json'),
    views: join(state, 'views'),
    logs,
    daemonLog: join(logs, 'daemon.log'),
  };
}

/** Makes the folders, readable by the owner alone, and refuses ones into which another user could plant files. */
export async function prepareFolders(paths: StatePaths): Promise<void> {
  for (const folder of [paths.state, paths.runtime, paths.journal, paths.volumes, paths.models, paths.logs]) {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await chmod(folder, 0o700);
    await assertPrivate(folder);
  }
}

/**
 * Refuses a path that a client names and that leads into what the daemon keeps for itself (its token above all), whatever links
 * lie in between. Only those files and folders, not all of `$LOCSCALE_HOME`: a user's maps may lie in it too.
 */
export async function assertNotOwn(path: string, paths: StatePaths): Promise<void> {
  const files = [
    paths.connectionFile,
    paths.tokenFile,
    paths.lockFile,
    paths.workersFile,
    paths.portFile,
    paths.pagesFile,
    paths.sceneFile,
  ];
  const { journal, volumes, models, views, store, networks, emdb, logs } = paths;
  const folders = [journal, volumes, models, views, store, networks, emdb, logs, join(paths.state, 'hosts')];
  const real = await realPath(path);
  for (const place of await Promise.all([...files, ...folders].map(realPath)))
    if (real === place || real.startsWith(place + sep))
      throw new LocScaleError(
        'access.path',
        `The path ${path} belongs to the daemon's own files; name a file of yours, or a volume by its id.`,
        { path },
      );
}

/** The path without links, also of a file that is not there yet. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(async () => {
    const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
    return join(folder, basename(path));
  });
}

async function assertPrivate(folder: string): Promise<void> {
  const found = await stat(folder);
  const user = process.getuid?.();
  if (user !== undefined && found.uid !== user)
    throw new LocScaleError(
      'access.denied',
      `The folder ${folder} belongs to user ${found.uid}, not to you (${user}); set LOCSCALE_HOME to a folder of your own.`,
    );
  if (process.platform !== 'win32' && (found.mode & 0o022) !== 0)
    throw new LocScaleError(
      'access.denied',
      `The folder ${folder} can be written by other users (mode ${(found.mode & 0o777).toString(8)}, expected 700); run: chmod 700 ${folder}`,
    );
}
