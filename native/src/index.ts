/**
 * The kernels of LocScale. Every function takes typed arrays in C order (z, y, x; x fastest) and plain numbers, returns
 * a promise, and computes off the JavaScript thread. Do not change or transfer an array while a call uses it.
 */
export { availableThreads, type CallOptions } from './control.js';
export { NativeError, type NativeErrorKind } from './errors.js';
export { fft3, inverseFft3, type RealArray, type Spectrum } from './fft.js';
export { fourierShellCorrelation, radialProfile, shellFrequencies } from './fsc.js';
export { dieWithParent, nativeInfo, type NativeInfo } from './info.js';
export { addonPath, explainLoadFailure, LoadError, type LoadFailure } from './load.js';
export { combineHalfMaps, statistics, type MapStatistics } from './map.js';
export { halfSpectrumShape, voxelCount, type Shape } from './shape.js';
export {
  restrictSimd,
  scaleWindows,
  type ScaleWindowsInput,
  type ScaleWindowsOptions,
  type ScaleWindowsResult,
} from './scaling.js';
export * from './scaling.js';
