export { readConnection } from './connection-file.js';
export { type Daemon, type DaemonOptions, startDaemon } from './daemon.js';
export { runDaemonProcess } from './process.js';
export { readToken } from './token.js';
export type { RemoteOptions } from './tls.js';
