import { CommandLineError } from '../command-line-error.js';
import type { Given } from './given.js';
import { works, type OptionSpec } from './spec.js';

/** Options of all commands that run a network. */
export const networkOptions: readonly OptionSpec[] = [
  works(null, 'use_low_context_model', '', 'The published network of the name emmernet-low-context.'),
  works('s', 'stride', '<voxels>'),
  works(null, 'blending', '<name>'),
  works('bs', 'batch_size', '<n>'),
  works(null, 'device', '<name>'),
  works('gpus', 'gpu_ids', '<n...>'),
];

/** Options of Monte Carlo passes. */
export const samplingOptions: readonly OptionSpec[] = [
  works('no_mc', 'no_monte_carlo', ''),
  works('mc_it', 'monte_carlo_iterations', '<n>'),
  works(null, 'seed', '<n>'),
];

type Readers = Readonly<Record<string, readonly [option: string, read: (given: Given) => unknown]>>;

const ofNetwork: Readers = {
  network: ['--model_path', networkName],
  cubeSize: ['--cube_size', (given) => given.whole('cube_size', 8, 256)],
  stride: ['-s', (given) => given.whole('stride', 1, 256)],
  blending: ['--blending', (given) => given.word('blending', ['plain', 'cosine'])],
  batchSize: ['-bs', (given) => given.whole('batch_size', 1, 256)],
  device: ['--device', (given) => given.word('device', ['auto', 'cpu', 'cuda', 'webgpu'])],
  gpuIds: ['-gpus', (given) => given.wholes('gpu_ids', 0, 255)],
};

const ofSampling: Readers = {
  monteCarlo: ['-no_mc', (given) => (given.on('no_monte_carlo') ? false : undefined)],
  passes: ['-mc_it', (given) => given.whole('monte_carlo_iterations', 2, 1000)],
  seed: ['--seed', (given) => given.whole('seed', 0, Number.MAX_SAFE_INTEGER)],
};

/** How these options become parameters of the recipes. */
export const networkReaders: Readers = { ...ofNetwork, ...ofSampling };

function networkName(given: Given): string | undefined {
  const name = given.text('model_path');
  if (!given.on('use_low_context_model')) return name;
  if (name === undefined) return 'emmernet-low-context';
  throw new CommandLineError(
    'command-line.usage',
    'Both --model_path and --use_low_context_model are given; leave one of them out.',
  );
}
