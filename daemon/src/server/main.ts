/** Entry of a daemon process of its own: `node dist/server/main.js`. */
import { LocScaleError } from '@chimerax-like/rpc';
import { runDaemonProcess } from './process.js';

runDaemonProcess().catch((error: unknown) => {
  console.error(error instanceof LocScaleError ? error.message : error);
  process.exit(1);
});
