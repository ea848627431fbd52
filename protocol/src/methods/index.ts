import { contextMethods } from './context.js';
import { daemonMethods } from './daemon.js';
import { emdbMethods, emdbNotifications } from './emdb.js';
import { jobMethods, jobNotifications } from './job.js';
import { modelMethods } from './model.js';
import { networkMethods } from './network.js';
import { rpcMethods } from './rpc.js';
import { sessionMethods } from './session.js';
import { viewerMethods, viewerNotifications } from './viewer.js';
import { volumeMethods } from './volume.js';

/** Every method of the API, in the order of the documentation. */
export const methods = [
  ...sessionMethods,
  ...rpcMethods,
  ...daemonMethods,
  ...volumeMethods,
  ...modelMethods,
  ...emdbMethods,
  ...jobMethods,
  ...networkMethods,
  ...contextMethods,
  ...viewerMethods,
] as const;
/** Every notification that the daemon sends. */
export const notifications = [...jobNotifications, ...emdbNotifications, ...viewerNotifications] as const;

/** `major.minor` of the API: a changed meaning raises the major, an addition the minor. */
export const apiVersion = '1.2';
