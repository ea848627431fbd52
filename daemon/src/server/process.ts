import { type Daemon, type DaemonOptions, startDaemon } from './daemon.js';

/** Runs the daemon as this process until it is told to stop: a signal stops it in order, a second one at once. */
export async function runDaemonProcess(options: DaemonOptions = {}): Promise<void> {
  const daemon: Daemon = await startDaemon(options);
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void daemon.stop();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  await daemon.stopped;
  process.exit(0);
}
