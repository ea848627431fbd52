import type { Job, JobId, Progress, Region, VolumeId } from '@chimerax-like/rpc';

/** What the daemon tells every client about jobs. */
export type JobEvent =
  | { readonly kind: 'changed'; readonly sequence: number; readonly job: Readonly<Job> }
  | { readonly kind: 'progress'; readonly job: JobId; readonly progress: Progress }
  | {
      readonly kind: 'slab';
      readonly job: JobId;
      readonly output: string;
      readonly volume: VolumeId;
      readonly sections: readonly [number, number];
    }
  | {
      readonly kind: 'block';
      readonly job: JobId;
      readonly output: string;
      readonly volume: VolumeId;
      readonly region: Region;
    };
