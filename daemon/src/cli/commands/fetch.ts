import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defaultLimits } from '@chimerax-like/rpc';
import type { Command } from 'commander';
import { archiveOf, fetchEntry, nameOf, readEntry } from '../../emdb/index.js';
import { outputError } from '../../volumes/atomic-file.js';
import { fileProgress } from '../output/file-progress.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly output: string;
  readonly halfMaps: boolean;
  readonly json?: boolean;
}

/** `locscale fetch emdb:1234`: the maps of an entry of EMDB as files. Asks EMDB only when the command is given; needs no daemon. */
export function registerFetch(program: Command, terminal: Terminal): void {
  program
    .command('fetch')
    .description('fetch map and half maps of an entry from EMDB (only when you ask for it by this command)')
    .argument('<entry>', 'entry of EMDB: emdb:1234, EMD-1234 or 1234')
    .option('-o, --output <folder>', 'folder for the files', '.')
    .option('--no-half-maps', 'only the deposited map')
    .option('--json', 'print one JSON object')
    .action(async (text: string, options: Options) => {
      const folder = resolve(options.output);
      const entry = readEntry(text);
      const archive = archiveOf();
      await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
        throw outputError(folder, cause);
      });
      const { map, halfMaps, contourLevel, warnings } = await fetchEntry(archive, entry, folder, {
        halfMaps: options.halfMaps,
        mostBytes: defaultLimits.uploadBytes,
        onProgress: fileProgress(terminal),
      });
      for (const { message } of warnings) terminal.note(message);
      if (options.json === true) {
        terminal.print(JSON.stringify({ ok: true, entry: nameOf(entry), map, halfMaps, contourLevel, warnings }));
        return;
      }
      for (const path of [map, ...(halfMaps ?? [])]) if (path !== null) terminal.print(path);
      if (options.halfMaps && halfMaps === null) terminal.note(`${nameOf(entry)} has no half maps.`);
      if (contourLevel !== null) terminal.note(`Contour level recommended for the map: ${contourLevel}`);
    });
}
