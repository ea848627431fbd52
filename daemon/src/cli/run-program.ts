import { CommanderError } from 'commander';
import { CommandLineError, ExitWith, visibleError } from './command-line-error.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { inUserSpelling } from './options/commander.js';
import { withCommandWord } from './options/command-word.js';
import { featureOptions } from './options/feature-enhance.js';
import { rewriteOptions } from './options/rewrite.js';
import { surferOptions } from './options/surfer.js';
import { symmetriseOptions } from './options/symmetry.js';
import { laterCommands, options } from './options/table.js';
import { failureJson } from './output/result.js';
import { optionsOf } from './commands/map-command.js';
import { mapCommands } from './commands/map-commands.js';
import { buildProgram } from './program.js';
import { isForRank0 } from './run/ranks.js';
import type { Terminal } from './terminal.js';

/** Runs one command line (without `node` and the script) and returns its exit code; never throws, never exits. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const program = buildProgram(terminal);
    if (argv.length === 0) {
      program.outputHelp();
      return exitCodes.internal.code;
    }
    const commands = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
    await program.parseAsync(prepare(argv, commands), { from: 'user' });
    return exitCodes.ok.code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok.code; // help, version
    if (thrown instanceof ExitWith) return thrown.code;
    const reason = thrown instanceof CommanderError ? usageError(thrown) : thrown;
    if (isForRank0(argv, reason)) return exitCodes.ok.code;
    const error = visibleError(reason);
    if (argv.includes('--json')) terminal.print(failureJson(error));
    else terminal.note(`locscale: ${error.message}`);
    return exitCodeOf(error.kind);
  }
}

function prepare(argv: readonly string[], commands: readonly string[]): string[] {
  const instead = argv[0] === undefined ? undefined : laterCommands[argv[0]];
  if (instead !== undefined) {
    throw new CommandLineError(
      'command-line.not-yet',
      `The command ${argv[0]} is not available in this version; ${instead}.`,
    );
  }
  const words = withCommandWord(argv, commands);
  if (words[0] === 'surfer') return ['surfer', ...rewriteOptions(words.slice(1), surferOptions)];
  if (words[0] === 'symmetrise') return ['symmetrise', ...rewriteOptions(words.slice(1), symmetriseOptions)];
  // Sharpening and its single steps have LocScale's spellings; arguments of other commands (paths, JSON) are left alone.
  const [command, ...rest] = words;
  const step = mapCommands.find(({ name }) => name === command);
  const table =
    command === 'sharpen'
      ? options
      : isFeatureEnhance(command)
        ? featureOptions
        : step === undefined
          ? null
          : optionsOf(step);
  return table === null || command === undefined ? [...words] : [command, ...rewriteOptions(rest, table)];
}

const isFeatureEnhance = (command: string | undefined): boolean =>
  command === 'feature_enhance' || command === 'feature-enhance';

/** Commander's errors have a prefix and sometimes a second line; users get one sentence. */
function usageError(thrown: CommanderError): CommandLineError {
  const text = inUserSpelling(thrown.message.replace(/^error: /, ''))
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/ argument missing$/, ' has no value');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return new CommandLineError('command-line.usage', `${sentence}; see \`locscale --help\`.`);
}
