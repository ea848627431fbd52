import { resolve } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import type { Command } from 'commander';
import { type MapHeader, readHeader } from '../../volumes/index.js';
import { checkInputs, checkMap } from '../explain/checks.js';
import { explanationLines } from '../explain/lines.js';
import { findRecord } from '../explain/record.js';
import { cancellable } from '../run/interrupt.js';
import type { Terminal } from '../terminal.js';

/** `locscale explain`: how a map came to be, and whether it and its inputs are still what they were. */
export function registerExplain(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .description('tell how a map was made: recipe, inputs, parameters, steps; and what has changed since')
    .argument('<map>', 'a map that LocScale wrote')
    .option('--json', 'print one JSON object')
    .action((file: string, options: { readonly json?: boolean }) =>
      cancellable((signal) => explain(resolve(file), options.json === true, terminal, signal)),
    );
}

async function explain(map: string, json: boolean, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const header = await readHeader(map);
  const found = await findRecord(map);
  if (found === null) return explainByLabels(map, header, json, terminal);
  const mapState = await checkMap(map, found.output, signal);
  const inputs = await checkInputs(found.record, signal);
  if (json) {
    const { path, raw } = found;
    terminal.print(JSON.stringify({ ok: true, map, madeBy: 'sidecar', mapState, inputs, sidecar: path, record: raw }));
  } else for (const line of explanationLines({ map, found, mapState, inputs })) terminal.print(line);
}

/** Our label says which version made a map and what it is, so a map without its record is not wholly without a past. */
function explainByLabels(map: string, { labels }: MapHeader, json: boolean, terminal: Terminal): void {
  const first = labels.findIndex((label) => /^LocScale \d+\.\d+/u.test(label));
  if (first < 0) {
    const seen = labels.length === 0 ? 'it has no labels' : `its labels are ${labels.map(quote).join(', ')}`;
    throw new LocScaleError(
      'input.missing',
      `${map} was not made by LocScale, as far as can be told: there is no .locscale.json beside it, and ${seen}; name a map that LocScale wrote, or put the record beside it.`,
      { labels },
    );
  }
  if (json) {
    terminal.print(JSON.stringify({ ok: true, map, madeBy: 'labels', labels }));
    return;
  }
  terminal.print(
    `${map} was made by LocScale, by its labels; there is no .locscale.json beside it that would tell more.`,
  );
  terminal.print('');
  terminal.print('Labels, oldest first');
  for (const label of labels) terminal.print(`  ${label}`);
}

const quote = (label: string): string => `"${label}"`;
