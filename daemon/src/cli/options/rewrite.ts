import { CommandLineError } from '../command-line-error.js';
import { nearest } from './nearest.js';
import { arityOf, longFlag, type OptionSpec } from './spec.js';

/**
 * Turns LocScale's spellings into those that commander parses: short options of several letters (`-hm`, which commander
 * would read as `-h -m`) become long ones, and underscores in long names become dashes. Values stay as they are;
 * everything after `--` too.
 */
export function rewriteOptions(argv: readonly string[], table: readonly OptionSpec[]): string[] {
  const byShort = new Map(table.flatMap((spec) => (spec.short === null ? [] : [[spec.short, spec] as const])));
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const rest = end === -1 ? [] : argv.slice(end);
  return [...options.map((token) => rewriteToken(token, byShort)), ...rest];
}

function rewriteToken(token: string, byShort: ReadonlyMap<string, OptionSpec>): string {
  const equals = token.indexOf('=');
  const name = equals === -1 ? token : token.slice(0, equals);
  const value = equals === -1 ? '' : token.slice(equals);
  if (/^--[A-Za-z]/.test(name)) return `${name.replaceAll('_', '-')}${value}`;
  if (!/^-[A-Za-z]/.test(name)) return token; // a value, a path or a negative number

  const exact = byShort.get(name.slice(1));
  if (exact !== undefined) return `${longFlag(exact)}${value}`;
  if (name.length === 2) return token; // `-h`, or unknown to commander as well
  const first = byShort.get(token.slice(1, 2));
  // `-oout.mrc`, `-p1.2`: one letter with its value attached, as every getopt has it.
  if (first !== undefined && arityOf(first) !== 'none') return `${longFlag(first)}=${token.slice(2)}`;
  const near = nearest(name.slice(1), [...byShort.keys()]);
  const hint = near === null ? 'see `locscale --help`.' : `did you mean -${near}?`;
  throw new CommandLineError('command-line.usage', `Unknown option ${name}; ${hint}`);
}
