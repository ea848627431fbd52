import { runProgram } from './run-program.js';
import { processTerminal } from './terminal.js';

// `locscale … | head -1` closes our output early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const code = await runProgram(process.argv.slice(2), processTerminal);
// What was printed may still be on its way into a pipe; whatever else is open (a daemon that failed half-way in its start
// holds sockets and engines) must not keep the process.
for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write('', resolve));
process.exit(code);
