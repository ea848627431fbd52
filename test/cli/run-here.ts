import { runProgram } from '../../daemon/src/cli/run-program.js';
import type { Terminal } from '../../daemon/src/cli/terminal.js';
import type { Finished } from './locscale.js';

/** The program as `main.ts` calls it, in this process: for commands that need no daemon, since starting Node for each takes long. */
export async function runHere(...args: readonly string[]): Promise<Finished> {
  const said = { out: '', error: '' };
  const terminal: Terminal = {
    print: (line) => (said.out += `${line}\n`),
    note: (line) => (said.error += `${line}\n`),
    draw: (text) => (said.error += text),
    interactive: false,
    columns: () => 80,
  };
  const code = await runProgram(args, terminal);
  return { code, ...said };
}
