import { programVersion } from '../../engine/version.js';
import { visibleError } from '../command-line-error.js';
import { connectToRunning } from '../run/connect.js';
import { failed, ok, warning, type Check } from './check.js';

/** Whether the daemon answers; one that does not run is no fault, because commands start it. */
export async function checkDaemon(): Promise<Check> {
  try {
    const session = await connectToRunning();
    if (session === null) return ok('Daemon', 'not running; the first command starts it');
    const {
      hello,
      connection: { url },
      client,
    } = session;
    client.close();
    if (hello.version !== programVersion) {
      return warning(
        'Daemon',
        `version ${hello.version} is running, this program is ${programVersion}; run \`locscale daemon stop\`.`,
      );
    }
    return hello.engine.available
      ? ok('Daemon', `version ${hello.version} answers at ${url}`)
      : failed(
          'Daemon',
          `answers at ${url}, but its engine does not work: ${hello.engine.reason ?? 'no reason given.'}`,
        );
  } catch (error) {
    return failed('Daemon', visibleError(error).message);
  }
}
