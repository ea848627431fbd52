import { runProgram } from './run-program.js';
import { processTerminal } from './terminal.js';

// `locscale … | head -1` closes our output early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const code = await runProgram(process.argv.slice(2), processTerminal);
// Not process.exit: output that is still on its way into a pipe would be lost.
if (code !== 0) process.exitCode = code;
