import type { Command } from 'commander';
import type { Warning } from '@chimerax-like/rpc';
import { Runner } from '../../engine/runner.js';
import { addOptions } from '../options/commander.js';
import { Given } from '../options/given.js';
import { mapOptions } from '../options/map-options.js';
import type { OptionSpec } from '../options/spec.js';
import { cancellable } from '../run/interrupt.js';
import type { Terminal } from '../terminal.js';

/** What a command for a single step found or wrote. */
export interface Report {
  /** For `--json`, beside `ok`, `warnings` and `seconds`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** For people; the path of an output first. */
  readonly lines: readonly string[];
}

/** A command that does a single step with files, in this process: no daemon, no job. */
export interface MapCommand {
  readonly name: string;
  readonly summary: string;
  /** How it is called, without the program and its name. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** What the arguments without an option are, when they are not maps. */
  readonly takes?: string;
  /** Says line by line how a long step goes on, beside the result. */
  readonly tellsProgress?: boolean;
  /** Runs it; `maps` are the arguments without an option, as written. */
  readonly run: (given: Given, maps: readonly string[], steps: Runner) => Promise<Report>;
}

/** Every command for a single step takes these too. */
export const optionsOf = (command: MapCommand): readonly OptionSpec[] => [...command.options, mapOptions.json];

export function registerMapCommand(program: Command, terminal: Terminal, definition: MapCommand): void {
  const command = program
    .command(definition.name)
    .description(definition.summary)
    .usage(definition.usage)
    .argument('[files...]', definition.takes ?? 'MRC or CCP4 maps, plain, .gz or .bz2');
  addOptions(command, optionsOf(definition)).action(async (maps: readonly string[]) => {
    const started = performance.now();
    const values = command.opts<Readonly<Record<string, unknown>>>();
    const given = new Given(values, optionsOf(definition), process.cwd());
    const warnings: Warning[] = [];
    const report = await cancellable(async (signal) => {
      const told = definition.tellsProgress === true && !given.on('json');
      const steps = new Runner({}, { signal, onProgress: told ? changes(terminal.note) : undefined });
      const done = await definition.run(given, maps, steps);
      warnings.push(...steps.warnings);
      return done;
    });
    const seconds = (performance.now() - started) / 1000;
    if (given.on('json')) {
      terminal.print(JSON.stringify({ ok: true, command: definition.name, ...report.json, warnings, seconds }));
      return;
    }
    for (const warning of warnings) terminal.note(`Warning (${warning.kind}): ${warning.message}`);
    for (const line of report.lines) terminal.print(line);
  });
}

/** Tells each message once, however often progress repeats it. */
function changes(tell: (message: string) => void): (progress: { readonly message: string }) => void {
  let last = '';
  return ({ message }) => {
    if (message !== last) tell(message);
    last = message;
  };
}
