import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RpcClient } from '@chimerax-like/rpc';
import { connectOrStart } from '../run/connect.js';
import { openBrowser } from '../run/open-browser.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly open: boolean;
  readonly json?: boolean;
}

/** `locscale view [FILE…]`: the page of the daemon in a browser, with these maps on the screen. */
export function registerView(program: Command, terminal: Terminal): void {
  program
    .command('view')
    .description('open the page of the daemon in a browser, with these maps in it')
    .argument('[files...]', 'map files to show')
    .option('--no-open', 'only print the address, for another browser on this machine')
    .option('--json', 'print one JSON object')
    .action(async (files: readonly string[], options: Options) => {
      const { client } = await connectOrStart();
      try {
        const volumes = await show(client, files);
        const page = await client.call('viewer.page');
        const opened = options.open && page.file !== null && (await openBrowser(page.file));
        if (options.json === true) {
          terminal.print(JSON.stringify({ ok: true, url: page.url, opened, volumes }));
          return;
        }
        const minutes = Math.round(page.expiresSeconds / 60);
        terminal.print(page.url);
        terminal.note(
          opened
            ? `The page opens in your browser. Should it not, open the address above; it works once, within ${minutes} minutes.`
            : `Open this address in a browser on this machine; it works once, within ${minutes} minutes.`,
        );
      } finally {
        client.close();
      }
    });
}

/** Opens the files and puts them on the screen; a file that is there already is not opened twice. */
async function show(client: RpcClient, files: readonly string[]): Promise<readonly string[]> {
  const shown: string[] = [];
  for (const file of files) {
    const path = resolve(file);
    const [{ maps }, open] = await Promise.all([client.call('viewer.get'), client.call('volume.list')]);
    const there = open.find((volume) => volume.path === path && maps.some(({ id }) => id === volume.id));
    const { id } = there ?? (await client.call('volume.open', { path }));
    await client.call('viewer.add', { volume: id });
    shown.push(id);
  }
  return shown;
}
