import type { Command } from 'commander';
import { statePaths } from '../../state.js';
import { ExitWith } from '../command-line-error.js';
import { checkAddon } from '../doctor/addon.js';
import type { Check } from '../doctor/check.js';
import { checkDaemon } from '../doctor/daemon.js';
import { checkDisk, checkFolders, checkMemory, checkProcessors } from '../doctor/machine.js';
import { checkNetworks } from '../doctor/networks.js';
import { checkNode } from '../doctor/node-version.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

const marks = { ok: 'ok', warning: 'warning', failed: 'FAILED' } as const satisfies Record<Check['state'], string>;

/** `locscale doctor`: what works on this machine and, where something does not, the one thing to do. */
export function registerDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('check the installation and say in one sentence how to repair what is broken')
    .option('--json', 'print one JSON object')
    .action(async (options: { readonly json?: boolean }) => {
      const paths = statePaths();
      const checks: readonly Check[] = [
        checkNode(),
        await checkAddon(),
        await checkNetworks(),
        checkProcessors(),
        await checkMemory(),
        await checkFolders(paths),
        await checkDisk(paths),
        await checkDaemon(),
      ];
      const healthy = checks.every((check) => check.state !== 'failed');
      if (options.json === true) terminal.print(JSON.stringify({ ok: healthy, checks }));
      else
        for (const check of checks) terminal.print(`${marks[check.state].padEnd(8)} ${check.name}: ${check.message}`);
      if (!healthy) throw new ExitWith(exitCodes.unavailable.code);
    });
}
