export { importNetwork, type ImportOptions, nameOfFile } from './import/import-network.js';
export { NetworkLibrary } from './library/library.js';
export { readCalibrator } from './library/read-calibrator.js';
export type { Calibrator, Manifest, MapShare } from './library/manifest.js';
export { normalDeviate } from './library/normal-deviate.js';
export { published, type Published } from './pull/published.js';
export { pullNetworks, type PullOptions } from './pull/pull-networks.js';
export { decodeModel } from './onnx/decode.js';
export { encodeModel } from './onnx/encode.js';
export type { Graph, Model, Node, Tensor } from './onnx/model.js';
export { bytesOfLane, MapNetwork, type MapNetworkSettings } from './runtime/map-network.js';
export { openNetwork, OpenNetwork } from './runtime/open-network.js';
export { probeProviders, type ProviderState } from './runtime/probe.js';
export { type Device, devices, type NetworkSettings, type Provider } from './runtime/providers.js';
export type { Sampled } from './runtime/sampling/sample.js';
export { floats, floatsNamed, type NetworkTensor, type Tensors } from './runtime/tensors.js';
export { type Blending, blendings } from './tiling/assembly.js';
export { cropped, cubeGrid, eachAxis, padded, takeCube, type CubeGrid, type Triple } from './tiling/cube-grid.js';
export { isWanted, maskVoxels } from './tiling/mask-filter.js';
export { predictCubes } from './tiling/predict-cubes.js';
export { turningCubes } from './tiling/turns.js';
export {
  embedded,
  embeddedNetwork,
  embeddedNetworks,
  findNetwork,
  forContext,
  isUsuallyEmbedded,
  type FoundNetwork,
  graphBytes,
  readGraph,
} from './library/find-network.js';
