export { LocScale, locscale } from './behavior.js';
export { sidesOf, workbenchOf } from './bench-of.js';
export { connect } from './connect.js';
export * from './core/index.js';
export { SideBySide } from './sides/side-by-side.js';
export { LocScaleControls, LocScalePanel } from './panel/controls.js';
