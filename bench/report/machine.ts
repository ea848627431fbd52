import { cpus, loadavg } from 'node:os';
import { availableThreads, nativeInfo } from '@locscale/native';

/** What the numbers were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly simd: string;
  readonly lanes: number;
  readonly node: string;
  /** Mean number of running processes over the last minute, before the first bench. */
  readonly load: number;
  readonly date: string;
  readonly command: string;
}

export function thisMachine(words: readonly string[]): Machine {
  const { simd, lanes } = nativeInfo();
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableThreads(),
    simd,
    lanes,
    node: process.version,
    load: loadavg()[0] ?? 0,
    date: new Date().toISOString(),
    command: ['npm run bench', ...(words.length === 0 ? [] : ['--', ...words])].join(' '),
  };
}

export function describeMachine({ processor, cores, simd, lanes, node, load, date }: Machine): string {
  const vectors = `${simd} with ${lanes} voxels a vector`;
  return `${processor}, ${cores} cores, ${vectors}, Node ${node}, load ${load.toFixed(1)}, ${date}`;
}
