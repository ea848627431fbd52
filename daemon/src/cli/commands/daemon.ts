import type { Command } from 'commander';
import { programVersion } from '../../engine/version.js';
import { duration } from '../output/duration.js';
import { addOriginOption, originArguments, type OriginFlags, originsOf } from '../options/origins.js';
import { addRemoteOptions, remoteArguments, type RemoteFlags, remoteOptions } from '../options/remote.js';
import { connectOrFail, connectOrStart, startWith } from '../run/connect.js';
import { runDaemon } from '../run/run-daemon.js';
import { stopDaemon } from '../run/stop-daemon.js';
import type { Terminal } from '../terminal.js';

interface Output {
  readonly json?: boolean;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** `locscale daemon start | stop | status | run`. */
export function registerDaemon(program: Command, terminal: Terminal): void {
  const daemon = program
    .command('daemon')
    .description('start, stop or look at the daemon (commands start it when needed)');
  const show = (options: Output, json: object, text: string): void =>
    terminal.print(options.json === true ? JSON.stringify({ ok: true, ...json }) : text);

  addOriginOption(addRemoteOptions(daemon.command('start')))
    .description('start the daemon in the background, if none runs')
    .option('--json', 'print one JSON object')
    .action(async (options: Output & RemoteFlags & OriginFlags) => {
      const own = [...remoteArguments(remoteOptions(options)), ...originArguments(options)];
      const { client, connection, hello } = await (own.length === 0 ? connectOrStart() : startWith(own));
      client.close();
      const { url, remoteUrl, tokenFile } = connection;
      const elsewhere =
        remoteUrl === undefined ? '' : `\nFor other machines: ${remoteUrl}, with the token in ${tokenFile}`;
      show(options, connection, `Daemon ${hello.version} runs at ${url}${elsewhere}`);
    });

  daemon
    .command('stop')
    .description('stop the daemon; running jobs are cancelled')
    .option('--json', 'print one JSON object')
    .action(async (options: Output) => {
      const stopped = await stopDaemon();
      show(options, { stopped }, stopped ? 'Daemon stopped' : 'No daemon is running');
    });

  daemon
    .command('status')
    .description('show what the daemon is doing; exit code 6 when none runs')
    .option('--json', 'print one JSON object')
    .action(async (options: Output) => {
      const { client, connection, hello } = await connectOrFail();
      const status = await client.call('daemon.status', {}).finally(() => client.close());
      const { queued, running, ended } = status.jobs;
      const lines = [
        `Daemon ${status.version} at ${[connection.url, connection.remoteUrl].filter(Boolean).join(' and ')}, pid ${status.pid}, up ${duration(status.uptimeSeconds)}`,
        `Jobs: ${running} running, ${queued} queued, ${ended} ended; ${status.volumes} volumes`,
        `Memory: ${mebibytes(status.residentBytes)} itself, ${mebibytes(status.memoryReservedBytes)} of ` +
          `${mebibytes(status.memoryBudgetBytes)} reserved by jobs`,
        hello.engine.available
          ? `Engine: SIMD ${hello.engine.simd ?? 'unknown'}, ${hello.engine.threads} threads`
          : `Engine: not available: ${hello.engine.reason ?? 'no reason given'}`,
        ...(status.version === programVersion
          ? []
          : [`This program is ${programVersion}; restart the daemon to update it`]),
      ];
      show(options, { connection, status, engine: hello.engine }, lines.join('\n'));
    });

  addOriginOption(addRemoteOptions(daemon.command('run')))
    .description('run the daemon in the foreground, for service managers and containers; Ctrl-C stops it')
    .action((options: RemoteFlags & OriginFlags) =>
      runDaemon(terminal, { remote: remoteOptions(options), origins: originsOf(options) }),
    );
}
