export * from './envelope.js';
export * from './internal-error.js';
export * from './parse.js';
export { exceedsBytes, quote, utf8Length } from './text.js';
export * from './wire.js';
export * from './wire-error.js';
