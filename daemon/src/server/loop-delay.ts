import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Sampling interval; the histogram counts it into every delay, so it is taken off again. */
const resolutionMs = 5;

/** How long things wait for the event loop of the daemon. */
export interface LoopDelay {
  /** Delays since the last time the window was begun anew (at most two minutes ago), ms. */
  readonly read: () => { readonly p50: number; readonly p99: number };
  /** Begins the window anew: the work of starting up says nothing of what follows. */
  readonly restart: () => void;
  readonly stop: () => void;
}

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const timer = setInterval(() => histogram.reset(), 120_000).unref();
  const ms = (percentile: number): number => {
    const value = histogram.percentile(percentile) / 1e6 - resolutionMs;
    return Number.isFinite(value) ? Math.max(0, value) : 0;
  };
  return {
    read: () => ({ p50: ms(50), p99: ms(99) }),
    restart: () => histogram.reset(),
    stop: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
