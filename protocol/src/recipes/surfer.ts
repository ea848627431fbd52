import { z } from 'zod';
import { recipe } from '../descriptor.js';
import { volumeIdSchema } from '../schema/volume.js';
import { mapInputs, oneMap, windowParameters } from './fields.js';

/** What turns a segmentation into a cleaned map; also the parameters of `context.subtract`. */
export const subtractionParameters = {
  threshold: z.number().min(0).max(1).default(0.5).meta({
    description: 'Voxels of at least this probability are context.',
    cli: '--threshold',
  }),
  smoothing: z.int().min(1).max(20).default(5).meta({
    description: 'Edge of the cube over which the binary mask is averaged; 1 leaves it binary.',
    unit: 'voxels',
    cli: '--smoothing',
  }),
  largestSegment: z.boolean().default(true).meta({
    description: 'Only the largest piece is context; voxels that share faces hang together.',
    cli: '--no_largest_segment',
  }),
  inverse: z.boolean().default(false).meta({
    description: 'Keep the context and remove everything else.',
    cli: '--inverse',
  }),
};

/** Finds detergent, nanodisc and membrane in a map and removes them from it, or from another map (LocScale-SURFER). */
export const surfer = recipe({
  name: 'surfer',
  title: 'SURFER',
  summary: 'Finds detergent, nanodisc and membrane around a protein with a network and removes them from a map.',
  inputs: z
    .strictObject({
      ...mapInputs,
      mask: volumeIdSchema.optional().meta({
        description:
          'Context is looked for only in cubes with more than ten voxels of at least 0.5. Default: everywhere.',
        cli: '-ma, --mask',
      }),
      target: volumeIdSchema.optional().meta({
        description: 'The map that the context is removed from, over the same box. Default: the map itself.',
        cli: '--target',
      }),
    })
    .refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    network: z.string().min(1).max(64).optional().meta({
      description: 'Name of the network. Default: `surfer` when it is imported, else the embedded `surfer-sim`.',
      cli: '--network',
    }),
    ...subtractionParameters,
    stride: z.int().min(1).max(128).optional().meta({
      description: 'Distance of the cubes, in voxels of the network. Default: what the network was made for.',
      unit: 'voxels',
      cli: '-s, --stride',
    }),
    batchSize: z.int().min(1).max(1024).optional().meta({
      description: 'Cubes in one call of the network. Default: 8 on graphics processors, else 1.',
      cli: '-bs, --batch_size',
    }),
    device: z.enum(['auto', 'cpu', 'cuda', 'webgpu']).default('auto').meta({
      description: 'What computes the network: `auto` takes CUDA where it works and the processors otherwise.',
      cli: '--device',
    }),
    gpuIds: z.array(z.int().min(0).max(64)).min(1).max(16).optional().meta({
      description: 'Graphics processors to use.',
      cli: '-gpus, --gpu_ids',
    }),
    voxelSize: windowParameters.voxelSize,
    threads: windowParameters.threads,
  }),
  outputs: {
    cleaned: 'The target without its context, or with the context alone.',
    context: 'Probability of each voxel to be detergent, nanodisc or membrane, 0 to 1.',
    contextMask: 'What was removed: the smoothed binary mask, 0 to 1.',
  },
});
