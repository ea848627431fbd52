/**
 * The kernels of LocScale. Every function takes typed arrays in C order (z, y, x; x fastest) and plain numbers, returns
 * a promise, and computes off the JavaScript thread. Do not change or transfer an array while a call uses it.
 */
export {
  auditWindows,
  type AmplitudeFit,
  type AuditedWindow,
  type AuditWindowsInput,
  type TheoryAudit,
} from './audit.js';
export {
  largestSmoothing,
  subtractContext,
  type SubtractContextInput,
  type SubtractContextOptions,
  type SubtractedContext,
} from './context.js';
export { availableThreads, type CallOptions } from './control.js';
export { NativeError, type NativeErrorKind } from './errors.js';
export { fft3, inverseFft3, type RealArray, type Spectrum } from './fft.js';
export { applyRadialGain, cosineMask, type RadialGain } from './filter.js';
export { fourierShellCorrelation, octantProfile, radialProfile, randomisePhases, shellFrequencies } from './fsc.js';
export { measureHandedness, type HandednessInput } from './handedness.js';
export { dieWithParent, nativeInfo, type NativeInfo } from './info.js';
export { addonPath, explainLoadFailure, LoadError, type LoadFailure } from './load.js';
export {
  localFilter,
  localResolution,
  lowestResolution,
  smoothByBSpline,
  whitenHalfMaps,
  type LocalResolution,
  type LocalResolutionCounts,
  type LocalResolutionInput,
  type LocalResolutionOptions,
  type WhitenedHalfMaps,
} from './local-resolution.js';
export {
  combineHalfMaps,
  contourLevel,
  contourSurface,
  statistics,
  type ContourSurface,
  type MapStatistics,
} from './map.js';
export { confidenceMask, type ConfidenceInput, type ConfidenceMask, type Corner, type NoiseBoxes } from './mask.js';
export {
  heaviestElement,
  meanProteinAtom,
  simulateModel,
  voxelsNearAtoms,
  type Atoms,
  type ModelCopies,
  type ModelGrid,
  type SimulatedModel,
  type SimulateModelOptions,
} from './model.js';
export { noRow, readModelText, writeModelText, type ModelColumns, type ModelFormat } from './model-file.js';
export {
  averageBFactors,
  bFactorShift,
  refineAdp,
  type HalfMapFsc,
  type RefineAdpInput,
  type RefineAdpOptions,
  type RefinedAdp,
  type RefinementCycle,
  type RefinementShells,
} from './refine.js';
export {
  buildPseudoAtoms,
  countReaching,
  type PseudoAtomHistory,
  type PseudoAtomInput,
  type PseudoAtoms,
  type PseudoAtomSolver,
} from './pseudo-atoms.js';
export { fourierResample, splineResample, type SplineGrid } from './resample.js';
export { halfSpectrumShape, voxelCount, type Shape } from './shape.js';
export {
  measuresBfactors,
  restrictSimd,
  scaleWindows,
  type ProfileKind,
  type ScaleWindowsInput,
  type ScaleWindowsOptions,
  type ScaleWindowsResult,
  slabSections,
  type VoxelCounts,
} from './scaling.js';
export type {
  AtomicForm,
  HybridForm,
  NoReferenceForm,
  ScalingForm,
  TheoreticalForm,
  TheoreticalParameters,
} from './scaling-form.js';
export {
  splineCoefficients,
  symmetrise,
  symmetryCorrelations,
  type CorrelationInput,
  type Operators,
  type SymmetryCorrelation,
} from './symmetry.js';
