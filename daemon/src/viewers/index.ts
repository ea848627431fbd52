export { createViewerHandlers, type ViewerHandlers } from './handlers.js';
export type { ViewerPeer } from './peer.js';
export { type ViewerEvent, ViewerService } from './viewer-service.js';
