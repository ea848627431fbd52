export { openStore } from './open-store.js';
export { keyOf, storeFormat } from './key.js';
export { Store, type StoreStatus } from './store.js';
