import type { Command } from 'commander';
import { checkStrictly, type Finding } from '../../volumes/index.js';
import { ExitWith, visibleError } from '../command-line-error.js';
import { processTerminal, type Terminal } from '../terminal.js';

/** Exit codes of `locscale validate`, in the order of badness; the worst file decides. */
const verdicts = { valid: 0, problems: 1, unreadable: 2 } as const;

const line = ({ ok, check, seen }: Finding): string => `  ${ok ? 'ok     ' : 'PROBLEM'} ${check}: ${seen}`;

/** Checks one file, prints what was found, returns the file's exit code. */
const validate = async (file: string, json: boolean, terminal: Terminal): Promise<number> => {
  try {
    const findings = await checkStrictly(file);
    const valid = findings.every(({ ok }) => ok);
    if (json) terminal.print(JSON.stringify({ path: file, verdict: valid ? 'valid' : 'problems', findings }));
    else terminal.print([`${file}: ${valid ? 'valid' : 'readable, with problems'}`, ...findings.map(line)].join('\n'));
    return valid ? verdicts.valid : verdicts.problems;
  } catch (thrown) {
    const error = visibleError(thrown);
    if (json) terminal.print(JSON.stringify({ path: file, verdict: 'unreadable', error }));
    else terminal.print(`${file}: unreadable\n  PROBLEM ${error.message}`);
    return verdicts.unreadable;
  }
};

/** `locscale validate`: holds map files against the letter of the MRC2014 format. */
export function registerValidate(program: Command, terminal: Terminal = processTerminal): void {
  program
    .command('validate')
    .description('check map files against the letter of the MRC2014 format, one check a line')
    .argument('<files...>', 'MRC or CCP4 maps, plain, .gz or .bz2')
    .option('--json', 'print one JSON object a line for each file')
    .addHelpText(
      'after',
      '\nExit codes: 0 valid, 1 readable but with problems, 2 unreadable; with several files the worst counts.',
    )
    .action(async (files: readonly string[], options: { readonly json?: boolean }) => {
      let worst: number = verdicts.valid;
      for (const file of files) worst = Math.max(worst, await validate(file, options.json === true, terminal));
      if (worst !== verdicts.valid) throw new ExitWith(worst);
    });
}
