export { LocScale, locscale } from './behavior.js';
export { workbenchOf } from './bench-of.js';
export { connect } from './connect.js';
export * from './core/index.js';
export { LocScaleControls, LocScalePanel } from './panel/controls.js';
