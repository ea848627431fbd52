import type { Grid } from '@chimerax-like/rpc';
import type { Graph, Value } from '../graph.js';
import type { RecipeInputs } from '../messages.js';
import { binariseMask } from '../steps/binarise-mask.js';
import { type ConfidenceFacts, confidenceFacts } from '../steps/confidence-facts.js';
import { confidenceMask } from '../steps/confidence-mask.js';
import { confidentVoxels } from '../steps/confident-voxels.js';
import { wilsonCutoff } from '../steps/cutoffs.js';
import { optionalSource } from './inputs.js';
import { openSource, type OpenedSource } from './open-source.js';

export interface MaskOfMap {
  /** The file, or null when the mask was made here. */
  readonly source: OpenedSource | null;
  /** 1: scale this voxel. */
  readonly mask: Value<Uint8Array>;
  /** Confidence map, or the given mask as it is; not binarised. */
  readonly confidence: Value<Float32Array>;
  /** The numbers of the test for significance; null with a mask of the user's. */
  readonly facts: Value<ConfidenceFacts> | null;
  /** Resolution at which fits of B-factors begin, Å, from the volume inside. */
  readonly wilson: (grid: Grid) => Value<number>;
}

export interface MaskSettings {
  readonly falseDiscoveryRate: number;
  readonly noiseWindow?: number | undefined;
  readonly noiseBox?: readonly [z: number, y: number, x: number] | undefined;
  readonly maskFilter?: number | undefined;
  readonly threads?: number | undefined;
}

/** The mask that is given, or the voxels of the map that are significant above noise. */
export async function openMask(
  graph: Graph,
  inputs: RecipeInputs,
  map: Value<Float32Array>,
  grid: Grid,
  settings: MaskSettings,
): Promise<MaskOfMap> {
  const given = optionalSource(inputs, 'mask');
  const measuring = { label: 'measuring the mask', weight: 1 };
  if (given !== undefined) {
    const source = await openSource(graph, 'mask', given, true);
    const binary = graph.step(binariseMask, { mask: source.voxels }, measuring);
    return {
      source,
      mask: graph.part(binary, 'mask'),
      confidence: source.voxels,
      facts: null,
      wilson: ({ voxelSize }) => graph.step(wilsonCutoff, { mask: source.voxels, voxelSize: voxelSize[0] }, measuring),
    };
  }
  const { falseDiscoveryRate: rate, noiseWindow: windowSize, noiseBox: centre, maskFilter: filter, threads } = settings;
  const noise = { windowSize, centre };
  const testing = { label: 'testing the voxels for significance', weight: 80 };
  const confidence = graph.step(confidenceMask, { map, grid, rate, filter, noise, threads }, testing);
  const mask = graph.step(confidentVoxels, { confidence }, { ...testing, weight: 0 });
  return {
    source: null,
    mask,
    confidence: graph.part(confidence, 'confidence'),
    facts: graph.step(confidenceFacts, { confidence }, { ...testing, weight: 0 }),
    wilson: ({ voxelSize }) => graph.step(wilsonCutoff, { mask, voxelSize: voxelSize[0] }, measuring),
  };
}
