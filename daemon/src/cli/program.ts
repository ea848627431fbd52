import { Command } from 'commander';
import { registerCache } from './commands/cache.js';
import { registerCall } from './commands/call.js';
import { registerDaemon } from './commands/daemon.js';
import { registerDoctor } from './commands/doctor.js';
import { registerExplain } from './commands/explain.js';
import { registerFeatureEnhance } from './commands/feature-enhance.js';
import { registerFetch } from './commands/fetch.js';
import { registerInfo } from './commands/info.js';
import { registerJobs } from './commands/jobs.js';
import { registerMapCommand } from './commands/map-command.js';
import { mapCommands } from './commands/map-commands.js';
import { registerNetwork } from './commands/network.js';
import { registerSharpen } from './commands/sharpen.js';
import { registerSurfer } from './commands/surfer.js';
import { registerSymmetrise } from './commands/symmetrise.js';
import { registerSymmetryCheck } from './commands/symmetry-check.js';
import { registerValidate } from './commands/validate.js';
import { registerVersion } from './commands/version.js';
import { registerView } from './commands/view.js';
import { programVersion } from '../engine/version.js';
import type { Terminal } from './terminal.js';

const examples = `
Examples:
  locscale -hm half1.mrc half2.mrc -mm reference.mrc -ma mask.mrc -o sharpened.mrc
  locscale -em map.mrc -mm reference.mrc -ma mask.mrc -wn 24 -np 8 -v
  locscale -hm half1.mrc half2.mrc -o model_free.mrc
  locscale feature_enhance -hm half1.mrc half2.mrc -o enhanced.mrc
  locscale doctor

Exit codes: 0 done, 1 crash, 2 usage, 3 input, 4 output, 5 cancelled, 6 daemon or addon, 7 limit, 8 not in this version.`;

/** The whole command tree; commands throw, the caller decides how an error looks and which exit code it gets. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('locscale')
    .description('Local sharpening of cryo-EM maps. Without a command: sharpen (see `locscale sharpen --help`).')
    .usage('-hm HALF1 HALF2 -mm REFERENCE -ma MASK [-o OUT] | COMMAND')
    .version(programVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    // Inherited by the commands added below: errors come back as exceptions, texts go to the terminal given.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: () => undefined,
    });
  const sharpen = registerSharpen(program, terminal);
  registerFeatureEnhance(program, terminal);
  registerFetch(program, terminal);
  registerInfo(program, terminal);
  registerValidate(program, terminal);
  for (const command of mapCommands) registerMapCommand(program, terminal, command);
  registerSymmetryCheck(program, terminal);
  registerSymmetrise(program, terminal);
  registerSurfer(program, terminal);
  registerExplain(program, terminal);
  registerJobs(program, terminal);
  registerCache(program, terminal);
  registerNetwork(program, terminal);
  registerView(program, terminal);
  registerDaemon(program, terminal);
  registerDoctor(program, terminal);
  registerCall(program, terminal);
  registerVersion(program, terminal);
  program.addHelpText('after', () => {
    const optionsOfSharpen = sharpen.helpInformation().replace(/^[\s\S]*?\n\n(?=Input maps:)/, '');
    return `\nOptions of sharpening:\n\n${optionsOfSharpen.trimEnd()}\n${examples}`;
  });
  return program;
}
