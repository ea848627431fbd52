import type { ModelColumns } from '@locscale/native';
import type { Model } from '../../models/index.js';
import type { Graph, Value } from '../graph.js';
import type { SymmetryCheck } from '../symmetry/check.js';
import { checkSymmetry } from '../steps/check-symmetry.js';
import { refinementFacts, simulationFacts, writtenFacts } from '../steps/model-facts.js';
import { modelText } from '../steps/model-text.js';
import { referenceBFactors } from '../steps/reference-b-factors.js';
import { refineAdp } from '../steps/refine-adp.js';
import { refineByServalcat } from '../steps/refine-by-servalcat.js';
import { refinementMaps } from '../steps/refinement-maps.js';
import { simulateMap } from '../steps/simulate-map.js';
import { symmetricCopies } from '../steps/symmetric-copies.js';
import { withBFactors } from '../steps/with-b-factors.js';
import type { MapToSharpen } from './map-to-sharpen.js';
import { claimOf, type SymmetrySettings } from './reference.js';
import type { ExtraMap, ExtraModel } from './sharpen.js';

export interface ModelReferenceSettings extends SymmetrySettings {
  readonly refinementEngine: 'built-in' | 'servalcat';
  readonly referenceResolution?: number | undefined;
}

/** Atoms whose map becomes the reference. */
export interface ReferenceAtoms {
  readonly atoms: Value<ModelColumns>;
  /** What messages call them. */
  readonly name: string;
  /** 1 for pseudo-atoms; undefined: there are none. */
  readonly pseudo: Value<Uint8Array> | undefined;
  /** The file whose metadata go into the model that is written; null for pseudo-atoms alone. */
  readonly source: Value<Model['source']> | null;
}

/** A reference map that comes from atoms, and what was learnt on the way. */
export interface ModelReference {
  readonly voxels: Value<Float32Array>;
  readonly facts: Readonly<Record<string, Value<unknown>>>;
  readonly maps: readonly ExtraMap[];
  readonly models: readonly ExtraModel[];
}

/**
 * From atoms to a reference map (models.md 7 to 9): B-factors refined against the map, averaged over 25 Å and shifted, then the map
 * that the atoms stand for, as an average over the copies by symmetry.
 */
export function refinedReference(
  graph: Graph,
  map: MapToSharpen,
  { atoms, name, pseudo, source }: ReferenceAtoms,
  settings: ModelReferenceSettings,
): ModelReference {
  const { halves, voxels, grid } = map;
  const given = { half1: halves?.half1, half2: halves?.half2, map: halves === null ? voxels : undefined };
  const refining = { label: 'refining B-factors', weight: 150 };
  const maps = graph.step(refinementMaps, given, { ...refining, weight: 0 });
  const engine = settings.refinementEngine === 'servalcat' ? refineByServalcat : refineAdp;
  const { threads } = settings;
  const task = { mask: undefined, resolution: undefined, restraintWeight: undefined, threads };
  const refined = graph.step(engine, { ...task, atoms, name, grid, maps, pseudo }, refining);
  const bFactors = graph.part(refined, 'bFactors');
  const positions = graph.part(atoms, 'positions');
  const averaging = { label: 'averaging B-factors', weight: 5 };
  const reference = graph.step(referenceBFactors, { positions, bFactors, average: true, shift: true }, averaging);
  const smooth = graph.step(
    withBFactors,
    { atoms, bFactors: graph.part(reference, 'bFactors') },
    { ...averaging, weight: 0 },
  );
  const simulated = simulatedReference(graph, map, { atoms: smooth, pseudo }, settings);
  const writing = { label: 'writing the model', weight: 1 };
  const own = graph.step(withBFactors, { atoms, bFactors }, { ...writing, weight: 0 });
  return {
    ...simulated,
    facts: { ...simulated.facts, refinement: graph.step(refinementFacts, { refined, reference }, averaging) },
    models: [
      {
        name: 'model',
        suffix: '_model.cif',
        bytes: graph.step(modelText, { atoms: own, source }, writing),
        facts: graph.step(writtenFacts, { atoms: own }, { ...writing, weight: 0 }),
      },
    ],
  };
}

/** The map of atoms as they are, as an average over the copies by symmetry. */
export function simulatedReference(
  graph: Graph,
  map: MapToSharpen,
  { atoms, pseudo }: Pick<ReferenceAtoms, 'atoms' | 'pseudo'>,
  settings: ModelReferenceSettings,
): ModelReference {
  const { referenceResolution: resolution, forceSymmetry: force, threads } = settings;
  const { grid } = map;
  const claim = claimOf(settings);
  const simulating = { label: 'simulating the reference map', weight: 40 };
  const copies =
    claim === null ? undefined : graph.step(symmetricCopies, { claim, grid }, { ...simulating, weight: 0 });
  const simulated = graph.step(
    simulateMap,
    { atoms, pseudo, grid, resolution, blur: undefined, copies, threads },
    simulating,
  );
  const voxels = graph.part(simulated, 'voxels');
  const symmetry: Record<string, Value<SymmetryCheck>> = {};
  if (claim !== null) {
    const checking = { label: 'checking the symmetry', weight: 20 };
    symmetry['symmetry'] = graph.step(checkSymmetry, { voxels: map.voxels, grid, claim, force }, checking);
  }
  return {
    voxels,
    facts: { ...symmetry, simulation: graph.step(simulationFacts, { simulated }, { ...simulating, weight: 0 }) },
    maps: [{ name: 'reference', suffix: '_reference', title: 'reference map', voxels }],
    models: [],
  };
}
