import { addon } from './load.js';

/** What the addon was built with and runs on. */
export interface NativeInfo {
  /** Instruction set in use, as Highway names it, e.g. `AVX3_ZEN4`. */
  readonly simd: string;
  /** Every instruction set that is compiled in and that this processor has. */
  readonly targets: readonly string[];
  /** Neighbouring voxels that one vector holds. */
  readonly lanes: number;
  /** FFTW's own version text, e.g. `fftw-3.3.10-sse2-avx`. */
  readonly fftw: string;
}

interface ProcessAddon {
  nativeInfo(): NativeInfo;
  dieWithParent(parent: number): boolean;
}

/** Throws LoadError when the addon is missing: the way to ask whether it works. */
export function nativeInfo(): NativeInfo {
  return addon<ProcessAddon>().nativeInfo();
}

/**
 * Ties the life of this process to its parent's: on Linux the kernel kills it when the parent ends, even in the middle
 * of a calculation; elsewhere only the answer counts. Returns false when `parent` is no longer the parent, which
 * means that it ended before the request: leave at once.
 */
export function dieWithParent(parent: number): boolean {
  return addon<ProcessAddon>().dieWithParent(parent);
}
