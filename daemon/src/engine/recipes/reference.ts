import type { Grid } from '@chimerax-like/rpc';
import type { Graph, Value } from '../graph.js';
import type { RecipeInputs } from '../messages.js';
import type { SymmetryCheck } from '../symmetry/check.js';
import { checkSymmetry } from '../steps/check-symmetry.js';
import { filterMap } from '../steps/filter-map.js';
import { symmetrise, type SymmetryClaim } from '../steps/symmetrise.js';
import { requiredSource } from './inputs.js';
import { openSource, type OpenedSource } from './open-source.js';

/** A symmetry that the map is said to have. */
export interface SymmetrySettings {
  readonly symmetry: string;
  readonly helix?: readonly [twist: number, rise: number] | undefined;
  readonly symmetryCentre?: readonly [z: number, y: number, x: number] | undefined;
  readonly forceSymmetry: boolean;
  readonly threads?: number | undefined;
}

export interface ReferenceSettings extends SymmetrySettings {
  readonly referenceResolution?: number | undefined;
}

export interface Reference {
  readonly source: OpenedSource;
  readonly voxels: Value<Float32Array>;
  /** How well the map has the symmetry that it is said to have; null for C1. */
  readonly symmetryCheck: Value<SymmetryCheck> | null;
}

/** The reference map as the scaling uses it: filtered and averaged over the symmetry where the user says so. */
export async function openReference(
  graph: Graph,
  inputs: RecipeInputs,
  map: Value<Float32Array>,
  grid: Grid,
  settings: ReferenceSettings,
): Promise<Reference> {
  const { referenceResolution, forceSymmetry: force, threads } = settings;
  const source = await openSource(graph, 'reference map', requiredSource(inputs, 'reference'));
  const filtered =
    referenceResolution === undefined
      ? source.voxels
      : graph.step(
          filterMap,
          { map: source.voxels, grid, filter: { kind: 'band', lowPass: referenceResolution } },
          { label: 'filtering the reference map', weight: 60 },
        );
  const claim = claimOf(settings);
  if (claim === null) return { source, voxels: filtered, symmetryCheck: null };
  const checking = { label: 'checking the symmetry', weight: 20 };
  const symmetryCheck = graph.step(checkSymmetry, { voxels: map, grid, claim, force }, checking);
  // The map decides whether the claim stands; what a simulated reference lacks of it is no reason to stop.
  const averaging = { label: 'averaging the reference map', weight: 40 };
  const averaged = graph.step(symmetrise, { voxels: filtered, grid, claim, force: true, threads }, averaging);
  return { source, voxels: graph.part(averaged, 'averaged'), symmetryCheck };
}

/** Null for a map without symmetry. */
export function claimOf({ symmetry, helix, symmetryCentre }: SymmetrySettings): SymmetryClaim | null {
  if (symmetry.toUpperCase() === 'C1' && helix === undefined) return null;
  return {
    group: symmetry,
    twoFold: 0,
    helix: helix === undefined ? null : { twist: helix[0], rise: helix[1] },
    centre: symmetryCentre ?? null,
  };
}
