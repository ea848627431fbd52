import type { Command } from 'commander';
import { methods, notifications, type MethodName } from '@chimerax-like/rpc';
import { CommandLineError } from '../command-line-error.js';
import { nearest } from '../options/nearest.js';
import { connectOrStart } from '../run/connect.js';
import type { Terminal } from '../terminal.js';

const methodNames: readonly string[] = methods.map((method) => method.name);
const isMethod = (name: string): name is MethodName => methodNames.includes(name);

/** `locscale call METHOD [PARAMS]`: one call of the protocol, for scripts that have no WebSocket. */
export function registerCall(program: Command, terminal: Terminal): void {
  program
    .command('call')
    .description('call one method of the daemon and print its result as JSON (docs/protocol.md lists the methods)')
    .argument('<method>', 'name of the method, e.g. volume.open')
    .argument('[params]', 'parameters as a JSON object', '{}')
    .option('--json', 'print errors as JSON too')
    .action(async (method: string, params: string) => {
      if (!isMethod(method)) throw unknownMethod(method);
      const parsed = parseParams(params);
      const { client } = await connectOrStart();
      try {
        // Parameters are checked by the daemon against the method's own schema; here they are text from a user.
        const call = client.call.bind(client) as (name: MethodName, params: object) => Promise<unknown>;
        terminal.print(JSON.stringify(await call(method, parsed)));
      } finally {
        client.close();
      }
    });
}

function unknownMethod(name: string): CommandLineError {
  if (notifications.some((notification) => notification.name === name)) {
    return new CommandLineError('command-line.usage', `${name} is sent by the daemon and cannot be called.`);
  }
  const near = nearest(name, methodNames);
  const hint = near === null ? `the methods are ${methodNames.join(', ')}.` : `did you mean ${near}?`;
  return new CommandLineError('command-line.usage', `There is no method ${name}; ${hint}`);
}

function parseParams(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, together with values that are JSON but no object.
  }
  throw new CommandLineError(
    'command-line.usage',
    `The parameters ${text} are not a JSON object; give e.g. '{"job":"job-…"}'.`,
  );
}
