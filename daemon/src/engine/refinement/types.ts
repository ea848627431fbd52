import type { Grid } from '@chimerax-like/rpc';
import type { HalfMapFsc, ModelColumns, RefinementCycle, RefinementShells } from '@locscale/native';

/** Maps that B-factors are refined against: half maps, so that one is held back while the restraints' weight is chosen, or one map. */
export type RefinementMaps =
  | { readonly kind: 'half maps'; readonly half1: Float32Array; readonly half2: Float32Array }
  | { readonly kind: 'map'; readonly map: Float32Array };

/** What an engine needs. Positions and occupancies stay as they are. */
export interface RefinementTask {
  readonly atoms: ModelColumns;
  readonly grid: Grid;
  readonly maps: RefinementMaps;
  /** 0 to 1, multiplied to the maps. */
  readonly mask: Float32Array | undefined;
  /** 1 for pseudo-atoms, which are restrained more tightly and scatter as the mean atom of a protein; none without it. */
  readonly pseudo: Uint8Array | undefined;
  /** Finest resolution used, Å. */
  readonly resolution: number;
  /** Of the built-in engine; chosen by half maps when undefined. */
  readonly restraintWeight: number | undefined;
  readonly threads: number | undefined;
}

/** Ours, or servalcat, which the user has installed. */
export type RefinementEngine = 'built-in' | 'servalcat';

/** How an engine went on: FSC after each cycle. */
export type Cycle =
  Pick<RefinementCycle, 'stage' | 'against' | 'restraintWeight' | 'fscWork' | 'fscFree'> | ServalcatCycle;

/** servalcat prints the mean FSC with the full map, and holds nothing back. */
export interface ServalcatCycle {
  readonly stage: 0;
  readonly against: 'all data';
  readonly restraintWeight: null;
  readonly fscWork: number;
  readonly fscFree: null;
}

/** What an engine found. */
export interface Refined {
  readonly engine: RefinementEngine;
  /** What was run, for provenance. */
  readonly program: string;
  /** Of every atom, Å². */
  readonly bFactors: Float32Array;
  /** 1 where the B-factor was refined; 0: it is that of neighbours. */
  readonly refined: Uint8Array;
  readonly resolution: number;
  readonly restraintWeight: number | null;
  /** Mean FSC with all data, before and after; before: with one B-factor for all atoms. */
  readonly fscBefore: number | null;
  readonly fsc: number | null;
  /** Of models refined against half map 1, with it (work) and with half map 2 (free). */
  readonly halfMaps: { readonly before: HalfMapFsc; readonly after: HalfMapFsc } | null;
  readonly trials: readonly (HalfMapFsc & { readonly restraintWeight: number })[];
  readonly cycles: readonly Cycle[];
  readonly shells: RefinementShells | null;
  /** Atoms outside the box; at the engine's bounds. */
  readonly outside: number;
  readonly atBounds: number;
}

/** How an engine is run. */
export interface EngineHooks {
  readonly signal: AbortSignal;
  readonly report: (fraction: number, message: string) => void;
}
