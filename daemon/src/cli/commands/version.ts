import { apiVersion } from '@chimerax-like/rpc';
import type { Command } from 'commander';
import { programVersion } from '../../engine/version.js';
import type { Terminal } from '../terminal.js';

/** `locscale version`: program, protocol and Node. */
export function registerVersion(program: Command, terminal: Terminal): void {
  program
    .command('version')
    .description('print the version of the program, of its protocol and of Node')
    .option('--json', 'print one JSON object')
    .action((options: { readonly json?: boolean }) => {
      const versions = { locscale: programVersion, api: apiVersion, node: process.versions.node };
      terminal.print(
        options.json === true
          ? JSON.stringify({ ok: true, ...versions })
          : `locscale ${versions.locscale}, protocol ${versions.api}, Node ${versions.node}`,
      );
    });
}
