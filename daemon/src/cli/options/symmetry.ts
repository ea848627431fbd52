import { CommandLineError } from '../command-line-error.js';
import { works, type OptionSpec } from './spec.js';

/** Options of `locscale symmetrise` with the spellings that users of LocScale know. */
export const symmetriseOptions: readonly OptionSpec[] = [
  works('sym', 'symmetry', '<group>', 'point group, e.g. C4, D7, T, O, I1; C1 with a helix'),
  works('o', 'outfile', '<map>', 'map to write'),
  works('np', 'number_processes', '<n>', 'threads'),
];

/** Parses numbers with commas between them, e.g. `50,49.5,50`. */
export function numberList(flag: string, text: string, names: string): readonly number[] {
  const count = names.split(',').length;
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (numbers.length === count && numbers.every(Number.isFinite)) return numbers;
  throw new CommandLineError(
    'command-line.usage',
    `${flag} ${text} is not usable: give ${count === 1 ? 'one number' : `${count} numbers`} as ${names}.`,
  );
}
