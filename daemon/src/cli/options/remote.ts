import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RemoteOptions } from '../../server/tls.js';
import { CommandLineError } from '../command-line-error.js';

/** Options of `locscale daemon start` and `run` as commander gives them. */
export interface RemoteFlags {
  readonly remote?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export function addRemoteOptions(command: Command): Command {
  return command
    .option('--remote <address:port>', 'listen for other machines, too, over TLS; 0.0.0.0:PORT for all addresses')
    .option('--tls-cert <file>', 'certificate for that, PEM')
    .option('--tls-key <file>', 'its private key, PEM');
}

/** The listener for other machines that the options ask for, if they do. */
export function remoteOptions({ remote, tlsCert, tlsKey }: RemoteFlags): RemoteOptions | undefined {
  if (remote === undefined && tlsCert === undefined && tlsKey === undefined) return undefined;
  if (remote === undefined || tlsCert === undefined || tlsKey === undefined)
    throw new CommandLineError(
      'command-line.usage',
      'A daemon for other machines needs all of --remote ADDRESS:PORT, --tls-cert FILE and --tls-key FILE; ' +
        'without a certificate use an SSH tunnel: ssh -L PORT:127.0.0.1:PORT HOST',
    );
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+):(\d{1,5})$/.exec(remote) ?? [];
  if (host === undefined || Number(port) > 65535)
    throw new CommandLineError(
      'command-line.usage',
      `--remote is ${remote}, expected ADDRESS:PORT, e.g. 0.0.0.0:8443.`,
    );
  return {
    host: host.replaceAll(/[[\]]/g, ''),
    port: Number(port),
    certFile: resolve(tlsCert),
    keyFile: resolve(tlsKey),
  };
}

/** The same as arguments for a daemon that is started in a process of its own, in another folder. */
export function remoteArguments(options: RemoteOptions | undefined): readonly string[] {
  if (options === undefined) return [];
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return ['--remote', `${host}:${options.port}`, '--tls-cert', options.certFile, '--tls-key', options.keyFile];
}
