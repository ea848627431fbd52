/** Entry of a daemon process of its own: `node dist/server/main.js`. */
import { LocScaleError } from '@chimerax-like/rpc';
import { runDaemonProcess } from './process.js';

runDaemonProcess().catch((error: unknown) => {
  process.stderr.write(`${error instanceof LocScaleError ? error.message : String(error)}\n`);
  process.exit(1);
});
