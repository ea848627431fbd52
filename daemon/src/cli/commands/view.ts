import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { findHalfMaps, guessRole, type RpcClient } from '@chimerax-like/rpc';
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
    .argument(
      '[files...]',
      'maps (half maps, mask, reference) and models to work with, or entries of EMDB to fetch (emdb:1234)',
    )
    .option('--no-open', 'only print the address, for another browser on this machine')
    .option('--json', 'print one JSON object')
    .action(async (files: readonly string[], options: Options) => {
      const { client } = await connectOrStart();
      try {
        const { volumes, models } = await openAll(client, files, terminal);
        const page = await client.call('viewer.page', { inputs: [...volumes, ...models] });
        const opened = options.open && page.file !== null && (await openBrowser(page.file));
        if (options.json === true) {
          terminal.print(JSON.stringify({ ok: true, url: page.url, opened, volumes, models }));
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

interface Opened {
  readonly volumes: readonly string[];
  readonly models: readonly string[];
}

/**
 * Opens the files and puts the maps among them on the screen: of two half maps the first, no masks and no references, which
 * the page takes as inputs. A file that is open already is not opened twice.
 */
async function openAll(client: RpcClient, files: readonly string[], terminal: Terminal): Promise<Opened> {
  const [volumes, models]: [string[], string[]] = [[], []];
  const pair = findHalfMaps(files.map((file) => basename(file)));
  for (const [i, file] of files.entries()) {
    if (namesEntry(file)) {
      volumes.push(...(await showEntry(client, file, terminal)));
      continue;
    }
    const path = resolve(file);
    const role = guessRole(basename(path));
    if (role === 'model') {
      models.push((await client.call('model.open', { path })).id);
      continue;
    }
    const open = await client.call('volume.list');
    const { id } =
      open.find((volume) => volume.path === path && volume.source === 'file') ??
      (await client.call('volume.open', { path }));
    volumes.push(id);
    if (role !== 'mask' && role !== 'reference' && i !== pair?.[1]) await client.call('viewer.add', { volume: id });
  }
  return { volumes, models };
}

/** Has the daemon fetch an entry of EMDB and shows its map, at the level that its depositors recommend; returns what is to be sharpened. */
async function showEntry(client: RpcClient, entry: string, terminal: Terminal): Promise<readonly string[]> {
  const tell = fileProgress(terminal);
  const stop = client.on('emdb.progress', ({ file, receivedBytes, totalBytes }) =>
    tell(file, receivedBytes, totalBytes),
  );
  try {
    const { map, halfMaps, contourLevel, warnings } = await client.call('emdb.fetch', { entry }, { timeoutMs: 0 });
    for (const { message } of warnings) terminal.note(message);
    const inputs = halfMaps ?? (map === null ? [] : [map]);
    const [first] = inputs;
    if (first === undefined) throw new Error('an entry that was fetched has a map or half maps');
    await client.call('viewer.add', { volume: first.id });
    if (map !== null && halfMaps !== null) {
      await client.call('viewer.add', { volume: map.id, of: first.id, role: 'result', name: 'deposited' });
      await client.call('viewer.show', { volume: first.id, visible: false });
    }
    if (map !== null && contourLevel !== null)
      await client.call('viewer.level', { volume: map.id, level: { kind: 'absolute', value: contourLevel } });
    return inputs.map(({ id }) => id);
  } finally {
    stop();
  }
}
