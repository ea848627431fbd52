export * from './descriptor.js';
export * from './errors.js';
export * from './methods/index.js';
export * from './recipes/index.js';
export * from './schema/grid.js';
export * from './schema/job.js';
export * from './schema/volume.js';
