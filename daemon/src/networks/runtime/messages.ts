import type { Placement } from './providers.js';
import type { SampleRequest, Sampled } from './sampling/sample.js';
import type { Tensors } from './tensors.js';

/** Graphs of one lane by name. */
export type Graphs = Readonly<Record<string, Uint8Array>>;

/** What a lane is asked. Buffers of tensors move, they are not copied. */
export type ToLane =
  | { readonly kind: 'run'; readonly id: number; readonly graph: string; readonly inputs: Tensors }
  | { readonly kind: 'sample'; readonly id: number; readonly request: SampleRequest }
  /** Ends the thread behind the pass that is being computed. */
  | { readonly kind: 'stop' };

/** What a lane is started with. */
export interface LaneTask {
  readonly graphs: Graphs;
  readonly placement: Placement;
}

export type FromLane =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly reason: string }
  | { readonly kind: 'ran'; readonly id: number; readonly outputs: Tensors }
  | { readonly kind: 'sampled'; readonly id: number; readonly sampled: Sampled }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };
