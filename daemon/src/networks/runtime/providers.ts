import { availableParallelism, totalmem } from 'node:os';

/** What computes a network, by the runtime's own names. */
export const providers = ['cuda', 'tensorrt', 'webgpu', 'dml', 'coreml', 'cpu'] as const;
export type Provider = (typeof providers)[number];

/** What a user can ask for; `auto` takes CUDA where it works and the processors otherwise. */
export const devices = ['auto', 'cpu', 'cuda', 'webgpu'] as const;
export type Device = (typeof devices)[number];

export interface NetworkSettings {
  readonly device: Device;
  /** Graphics processors to share the work among; default: the first. Without meaning for `cpu`. */
  readonly gpuIds?: readonly number[] | undefined;
  /** Processors to use; default: all that this process may use. */
  readonly threads?: number | undefined;
  /** Memory that one lane takes; limits the number of lanes. */
  readonly laneBytes?: number | undefined;
}

/** Where one lane computes. */
export interface Placement {
  readonly provider: Provider;
  /** Null for the processors. */
  readonly deviceId: number | null;
  readonly threads: number;
}

/** Share of the machine's memory that all lanes together may take. */
const memoryShare = 0.5;

/** The placements to try, the best first; each is a list of lanes. */
export function placements({ device, gpuIds, threads, laneBytes }: NetworkSettings): readonly (readonly Placement[])[] {
  const processors = threads ?? availableParallelism();
  const ids = gpuIds === undefined || gpuIds.length === 0 ? [0] : [...new Set(gpuIds)];
  const onGpus = (provider: Provider): readonly Placement[] =>
    ids.map((deviceId) => ({ provider, deviceId, threads: 1 }));
  switch (device) {
    case 'cuda':
    case 'webgpu':
      return [onGpus(device)];
    case 'cpu':
      return [onProcessors(processors, laneBytes)];
    case 'auto':
      return [onGpus('cuda'), onProcessors(processors, laneBytes)];
  }
}

/**
 * One lane for each processor: several cubes at a time are faster than several processors at one cube (1.4 times for two,
 * where two lanes give 2). With too little memory, fewer lanes of more processors.
 */
function onProcessors(threads: number, laneBytes = 0): readonly Placement[] {
  const memory = memoryShare * memoryOfProcess();
  const room = laneBytes > 0 ? Math.max(1, Math.floor(memory / laneBytes)) : threads;
  const lanes = Math.min(threads, room);
  return Array.from({ length: lanes }, (_, lane) => ({
    provider: 'cpu' as const,
    deviceId: null,
    threads: Math.floor(threads / lanes) + (lane < threads % lanes ? 1 : 0),
  }));
}

/** Memory of the machine, or of the container. */
function memoryOfProcess(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
