import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ConnectionFile, connectionFileSchema } from '@chimerax-like/rpc';
import type { Stopwatch } from './stopwatch.js';

const run = promisify(execFile);
/** The `locscale` command, as `npx locscale` would find it; from demo/dist/. */
const launcher = fileURLToPath(new URL('../../daemon/bin/locscale.js', import.meta.url));

/** How to reach the daemon. */
export interface DaemonAddress {
  readonly connection: ConnectionFile;
  readonly token: string;
}

const command = async (home: string, ...words: readonly string[]): Promise<string> => {
  const env = { ...process.env, LOCSCALE_HOME: home };
  try {
    return (await run(process.execPath, [launcher, ...words], { env })).stdout;
  } catch (error) {
    // What the command itself said is more useful than "Command failed".
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw said === '' ? error : new Error(said, { cause: error });
  }
};

/**
 * Runs `work` with a daemon of the demonstration's own, started and stopped by the command that users have. Everything the
 * daemon keeps lies in `home`, so nothing of the user's is touched. The daemon is stopped on every way out, Ctrl-C
 * included; after a success `home` is removed, after a failure its logs stay.
 */
export const withOwnDaemon = async <T>(
  home: string,
  watch: Stopwatch,
  work: (daemon: DaemonAddress) => Promise<T>,
): Promise<T> => {
  const stop = async (): Promise<void> => {
    await command(home, 'daemon', 'stop');
  };
  const interrupted = (): void => {
    void stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  let result: T;
  try {
    const daemon = await watch.time('start the daemon', async () => {
      const connection = connectionFileSchema.parse(JSON.parse(await command(home, 'daemon', 'start', '--json')));
      return { connection, token: (await readFile(connection.tokenFile, 'utf8')).trim() };
    });
    result = await work(daemon);
  } finally {
    await watch.time('stop the daemon', stop);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  }
  await rm(home, { recursive: true, force: true });
  return result;
};
