import { CommandLineError } from '../command-line-error.js';

/** Parses a whole number of at least `least`; refuses everything else by naming option, value and range. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new CommandLineError(
      'command-line.usage',
      `${flag} ${text} is not usable: give a whole number from ${least} to ${most}.`,
    );
  }
  return value;
}

/** Parses a positive, finite number. */
export function positiveNumber(flag: string, text: string, unit: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new CommandLineError(
      'command-line.usage',
      `${flag} ${text} is not usable: give a number above 0 in ${unit}.`,
    );
  }
  return value;
}
