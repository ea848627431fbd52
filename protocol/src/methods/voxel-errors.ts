/** What a method that reads all voxels of a volume may answer with. */
export const voxelErrors = [
  'volume.unknown',
  'volume.busy',
  'input.missing',
  'input.unreadable',
  'input.format',
  'input.header',
  'input.voxels',
  'limit.memory',
  'engine.crashed',
  'engine.missing',
] as const;
