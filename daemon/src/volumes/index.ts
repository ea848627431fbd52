export { readHeader } from './read-header.js';
export { readVolume, defaultMaxBytes, type ReadOptions } from './read-volume.js';
export { writeVolume, type WriteContent } from './write-volume.js';
export { assertNotInput } from './not-input.js';
export { assertSameGrid } from './same-grid.js';
export { checkStrictly, type Finding } from './strict-checks.js';
export { checkRegion, extractRegion, regionShape, type Region } from './region.js';
export { scanVoxels, type VoxelScan } from './statistics.js';
export type { AxisOrder, ByteOrder, Compression, ExtendedHeader, MapHeader, Triple, Volume } from './types.js';
