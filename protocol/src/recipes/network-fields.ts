import { z } from 'zod';

/** Which network looks at the map, and how. */
export const networkParameters = {
  network: z.string().min(1).optional().meta({
    description:
      'Name of the network (`locscale network list`). Default: the published EMmerNet once it is imported, before that the embedded one.',
    cli: '--model_path',
  }),
  cubeSize: z.int().min(8).max(256).default(32).meta({
    description: 'Edge of the network’s cubes at 1 Å.',
    unit: 'voxels',
    cli: '--cube_size',
  }),
  stride: z.int().min(1).max(256).default(16).meta({
    description: 'Distance of the network’s cubes at 1 Å; 24 takes a third of the time and averages fewer cubes.',
    unit: 'voxels',
    cli: '-s, --stride',
  }),
  blending: z.enum(['plain', 'cosine']).default('plain').meta({
    description:
      'How overlapping cubes are joined: averaged, as in LocScale, or with weights that fall towards their faces.',
    cli: '--blending',
  }),
  batchSize: z.int().min(1).max(256).optional().meta({
    description: 'Cubes in one call of the network. Default: 1 on processors, 8 on graphics processors.',
    cli: '-bs, --batch_size',
  }),
  device: z.enum(['auto', 'cpu', 'cuda', 'webgpu']).default('auto').meta({
    description: 'What computes the network; `auto` takes CUDA where it works, otherwise the processors.',
    cli: '--device',
  }),
  gpuIds: z.array(z.int().min(0).max(255)).min(1).max(64).optional().meta({
    description: 'Graphics processors to share the cubes among. Default: the first.',
    cli: '-gpus, --gpu_ids',
  }),
};

/** How the spread of a network's predictions is found. */
export const samplingParameters = {
  monteCarlo: z.boolean().default(true).meta({
    description: 'Predict each cube several times with dropout; otherwise once without, and there is no confidence.',
    cli: '-no_mc, --no_monte_carlo',
  }),
  passes: z.int().min(2).max(1000).default(15).meta({
    description: 'Monte Carlo passes over each cube.',
    cli: '-mc_it, --monte_carlo_iterations',
  }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 53 - 1)
    .default(42)
    .meta({ description: 'Seed of the dropout masks; the same seed gives the same maps.', cli: '--seed' }),
};
