import type { Command } from 'commander';
import { CommandLineError } from '../command-line-error.js';

/** Options of `locscale daemon start` and `run` as commander gives them. */
export interface OriginFlags {
  readonly origin?: readonly string[];
}

export function addOriginOption(command: Command): Command {
  return command.option(
    '--origin <origin>',
    'let pages of this origin use the daemon, too, if they have the token, e.g. http://localhost:5173; may be given again',
    (origin: string, before: readonly string[] | undefined) => [...(before ?? []), readOrigin(origin)],
  );
}

export const originsOf = ({ origin = [] }: OriginFlags): readonly string[] => origin;

/** The same as arguments for a daemon that is started in a process of its own. */
export const originArguments = (flags: OriginFlags): readonly string[] =>
  originsOf(flags).flatMap((origin) => ['--origin', origin]);

/** Browsers send an origin letter by letter, so another spelling would never match. */
function readOrigin(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  if (origin === text && /^https?:/.test(text)) return text;
  throw new CommandLineError(
    'command-line.usage',
    `--origin is ${text}, expected a scheme, a host and a port as browsers send them${
      /^https?:/.test(origin) ? `: ${origin}` : ', e.g. http://localhost:5173'
    }.`,
  );
}
