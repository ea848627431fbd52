import type { Command } from 'commander';
import { statePaths } from '../../state.js';
import { Store, type StoreStatus } from '../../store/index.js';
import { humanSize } from '../output/size.js';
import type { Terminal } from '../terminal.js';

interface Output {
  readonly json?: boolean;
}

/** `locscale cache status | clear`: the store of results of steps (docs/store.md). It needs no daemon. */
export function registerCache(program: Command, terminal: Terminal): void {
  const cache = program.command('cache').description('show or clear the kept results of steps');

  cache
    .command('status', { isDefault: true })
    .description('show where results are kept, how many, how full the store is and when they were used')
    .option('--json', 'print one JSON object')
    .action(async (options: Output) => {
      const status = await (await Store.open(statePaths().store)).status();
      if (options.json === true) terminal.print(JSON.stringify({ ok: true, ...status }));
      else for (const line of statusLines(status)) terminal.print(line);
    });

  cache
    .command('clear')
    .description('remove all kept results; the next run computes everything anew')
    .option('--json', 'print one JSON object')
    .action(async (options: Output) => {
      const store = await Store.open(statePaths().store);
      const { folder } = await store.status();
      const gone = await store.clear();
      if (options.json === true) terminal.print(JSON.stringify({ ok: true, folder, ...gone }));
      else terminal.print(`${countOf(gone.entries)} removed (${humanSize(gone.bytes)}) from ${folder}`);
    });
}

const countOf = (entries: number): string => `${entries} kept ${entries === 1 ? 'result' : 'results'}`;
const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

function statusLines({ folder, entries, bytes, limitBytes, oldestUse, newestUse }: StoreStatus): readonly string[] {
  const full = limitBytes === 0 ? '' : `, ${((100 * bytes) / limitBytes).toFixed(1)} % full`;
  const limit = limitBytes === 0 ? 'off: nothing is kept or found' : humanSize(limitBytes);
  const rows = [
    ['folder', folder],
    ['results', `${entries} (${humanSize(bytes)}${full})`],
    ['limit', `${limit} (LOCSCALE_STORE_LIMIT, in GiB, sets it; 0 switches it off)`],
    ...(oldestUse === null || newestUse === null
      ? []
      : [
          ['oldest use', minute(oldestUse)],
          ['newest use', minute(newestUse)],
        ]),
  ] as const;
  return rows.map(([name = '', value = '']) => `${name.padEnd(12)}${value}`);
}
