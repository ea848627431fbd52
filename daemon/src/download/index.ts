export { digestsOf } from './digest.js';
export { discard, download, type DownloadOptions, lengthOf, type RemoteFile } from './download.js';
export { ask, ConnectionLost, orAborted, patient, type Place, unreachable } from './request.js';
