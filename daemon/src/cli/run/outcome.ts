import type { Job, Warning } from '@chimerax-like/rpc';

/** What either route (daemon or in process) hands back of a finished run. */
export interface RunOutcome {
  readonly job: string | null;
  readonly files: Job['files'];
  readonly timings: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
  readonly scaledVoxels: number | null;
  readonly windowSize: number | null;
}
