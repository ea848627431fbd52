import { setTimeout as sleep } from 'node:timers/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { isSameProcess, processStartTime } from '../../jobs/process-identity.js';
import { readConnection } from '../../server/connection-file.js';
import { statePaths } from '../../state.js';
import { connectToRunning } from './connect.js';

/** Time for jobs to end, and for the process to leave after that. */
const deadlineSeconds = 10;
const extraSeconds = 5;
const pollMs = 50;

/** Stops the daemon and waits until its process is gone; false when none ran. */
export async function stopDaemon(): Promise<boolean> {
  const connection = await readConnection(statePaths().connectionFile);
  const session = await connectToRunning({ anyApi: true });
  if (connection === null || session === null) return false;
  const startTime = await processStartTime(connection.pid);
  await session.client.call('daemon.shutdown', { deadlineSeconds });
  session.client.close();
  const deadline = performance.now() + (deadlineSeconds + extraSeconds) * 1000;
  while (startTime !== null && (await isSameProcess(connection.pid, startTime))) {
    if (performance.now() > deadline) {
      throw new LocScaleError(
        'connection.timeout',
        `The daemon (pid ${connection.pid}) is still there ${deadlineSeconds + extraSeconds} s after it was told to stop; ` +
          `end it with \`kill ${connection.pid}\`.`,
      );
    }
    await sleep(pollMs);
  }
  return true;
}
