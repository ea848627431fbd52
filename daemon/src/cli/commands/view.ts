import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RpcClient } from '@chimerax-like/rpc';
import { namesEntry } from '../../emdb/index.js';
import { connectOrStart } from '../run/connect.js';
import { openBrowser } from '../run/open-browser.js';
import { fileProgress } from '../output/file-progress.js';
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
    .argument('[files...]', 'map files to show, or entries of EMDB to fetch and show (emdb:1234)')
    .option('--no-open', 'only print the address, for another browser on this machine')
    .option('--json', 'print one JSON object')
    .action(async (files: readonly string[], options: Options) => {
      const { client } = await connectOrStart();
      try {
        const volumes = await show(client, files, terminal);
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
async function show(client: RpcClient, files: readonly string[], terminal: Terminal): Promise<readonly string[]> {
  const shown: string[] = [];
  for (const file of files) {
    if (namesEntry(file)) {
      shown.push(await showEntry(client, file, terminal));
      continue;
    }
    const path = resolve(file);
    const [{ maps }, open] = await Promise.all([client.call('viewer.get'), client.call('volume.list')]);
    const there = open.find((volume) => volume.path === path && maps.some(({ id }) => id === volume.id));
    const { id } = there ?? (await client.call('volume.open', { path }));
    await client.call('viewer.add', { volume: id });
    shown.push(id);
  }
  return shown;
}

/** Has the daemon fetch an entry of EMDB and shows its map, at the level that its depositors recommend. */
async function showEntry(client: RpcClient, entry: string, terminal: Terminal): Promise<string> {
  const tell = fileProgress(terminal);
  const stop = client.on('emdb.progress', ({ file, receivedBytes, totalBytes }) =>
    tell(file, receivedBytes, totalBytes),
  );
  try {
    const { map, halfMaps, contourLevel, warnings } = await client.call('emdb.fetch', { entry }, { timeoutMs: 0 });
    for (const { message } of warnings) terminal.note(message);
    const volume = (map ?? halfMaps?.[0])?.id;
    if (volume === undefined) throw new Error('an entry that was fetched has a map or half maps');
    await client.call('viewer.add', { volume });
    if (map !== null && contourLevel !== null)
      await client.call('viewer.level', { volume, level: { kind: 'absolute', value: contourLevel } });
    return volume;
  } finally {
    stop();
  }
}
