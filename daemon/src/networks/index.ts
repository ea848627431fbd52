export { importNetwork, type ImportOptions, nameOfFile } from './import/import-network.js';
export { NetworkLibrary } from './library/library.js';
export { readCalibrator } from './library/read-calibrator.js';
export type { Calibrator, Manifest } from './library/manifest.js';
export { published, type Published } from './pull/published.js';
export { pullNetworks, type PullOptions } from './pull/pull-networks.js';
export { decodeModel } from './onnx/decode.js';
export { encodeModel } from './onnx/encode.js';
export type { Graph, Model, Node, Tensor } from './onnx/model.js';
