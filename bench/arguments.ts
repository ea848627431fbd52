import { parseArgs } from 'node:util';
import type { Bench } from './measurement.js';

export interface Arguments {
  readonly benches: readonly Bench[];
  readonly json: boolean;
  readonly yardstick: string | null;
}

/** A command line that cannot be understood; the message is one sentence for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function usage(known: readonly Bench[]): string {
  const list = known.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n');
  return `npm run bench -- [BENCH ...] [--json] [--yardstick FOLDER]\n\n${list}\n
--json       one JSON object a line; add --silent after npm to keep npm's own lines away: npm run --silent bench -- scaling --json
--yardstick  folder with the program \`run\` of the scaling prototype, to be timed beside it (or the variable LOCSCALE_YARDSTICK)`;
}

/** Understands the words after `npm run bench --`; null when they ask for help. */
export function parseArguments(words: readonly string[], known: readonly Bench[]): Arguments | null {
  const options = { json: { type: 'boolean' }, yardstick: { type: 'string' }, help: { type: 'boolean' } } as const;
  const parse = () => {
    try {
      return parseArgs({ args: [...words], options, allowPositionals: true });
    } catch (error) {
      throw new UsageError(`${error instanceof Error ? error.message : String(error)}; see npm run bench -- --help.`);
    }
  };
  const { values, positionals } = parse();
  if (values.help === true) return null;
  const benches = positionals.map((name) => {
    const bench = known.find((one) => one.name === name);
    if (bench !== undefined) return bench;
    throw new UsageError(`There is no bench ${name}; there are ${known.map((one) => one.name).join(', ')}.`);
  });
  return {
    benches: benches.length === 0 ? known : benches,
    json: values.json === true,
    yardstick: values.yardstick ?? (process.env['LOCSCALE_YARDSTICK'] || null),
  };
}
