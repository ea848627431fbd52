import type { DaemonOptions } from '../../server/index.js';
import { statePaths } from '../../state.js';
import type { Terminal } from '../terminal.js';

/** Runs the daemon in this process; returns by leaving the process once the daemon has stopped. */
export async function runDaemon(
  terminal: Terminal,
  options: Pick<DaemonOptions, 'remote' | 'origins'> = {},
): Promise<void> {
  // Loaded only here: no other command needs the server.
  const { runDaemonProcess } = await import('../../server/index.js');
  terminal.note(`The daemon runs in this process; Ctrl-C stops it. Log: ${statePaths().daemonLog}`);
  await runDaemonProcess(options);
}
