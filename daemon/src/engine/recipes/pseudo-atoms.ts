import type { Graph, Value } from '../graph.js';
import type { AtomCount } from '../pseudo-model/number-of-atoms.js';
import {
  buildPseudoModel,
  type PseudoModel,
  type PseudoModelMethod,
  usualDistance,
} from '../steps/build-pseudo-model.js';
import type { Compatibility } from '../resolution.js';
import type { MapToSharpen } from './map-to-sharpen.js';

/** Seed of the places where pseudo-atoms start; LocScale's. */
const seed = 42;

export interface PseudoAtomSettings {
  readonly pseudoModelMethod: PseudoModelMethod;
  readonly pseudoModelIterations?: number | undefined;
  readonly pseudoAtomDistance?: number | undefined;
  readonly compatibility: Compatibility;
  readonly threads?: number | undefined;
}

/** Pseudo-atoms that find their places in the map, inside a mask (docs/pseudo-models.md). */
export function placePseudoAtoms(
  graph: Graph,
  { voxels: map, grid }: MapToSharpen,
  where: { readonly mask: Value<Float32Array>; readonly threshold: number; readonly count: AtomCount },
  settings: PseudoAtomSettings,
): Value<PseudoModel> {
  const { pseudoModelMethod: method, pseudoModelIterations: iterations, compatibility, threads } = settings;
  const distance = settings.pseudoAtomDistance ?? usualDistance(method, compatibility);
  const given = { map, grid, ...where, method, distance, iterations, compatibility, seed, threads };
  return graph.step(buildPseudoModel, given, { label: 'placing pseudo-atoms', weight: 80 });
}
