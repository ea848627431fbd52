import { findNetwork, type FoundNetwork } from '../../networks/index.js';
import type { Graph, Value } from '../graph.js';
import type { Compatibility } from '../resolution.js';
import { checkHandedness } from '../steps/check-handedness.js';
import { checkSymmetry } from '../steps/check-symmetry.js';
import { type Predicted, predictMap, type PredictInput } from '../steps/predict-map.js';
import { symmetrise } from '../steps/symmetrise.js';
import type { SymmetryCheck } from '../symmetry/check.js';
import type { MapToSharpen } from './map-to-sharpen.js';
import { claimOf, type SymmetrySettings } from './reference.js';

export interface NetworkSettings extends SymmetrySettings {
  readonly network?: string | undefined;
  readonly cubeSize: number;
  readonly stride: number;
  readonly blending: PredictInput['blending'];
  readonly batchSize?: number | undefined;
  readonly device: PredictInput['device'];
  readonly gpuIds?: readonly number[] | undefined;
  readonly compatibility: Compatibility;
}

/** What a network predicts of a map, with the symmetry that the map is said to have. */
export interface Prediction {
  readonly network: FoundNetwork;
  readonly mean: Value<Float32Array>;
  readonly variance: Value<Float32Array>;
  /** What provenance tells. */
  readonly facts: Readonly<Record<string, Value<unknown>>>;
}

/** Share of the work of a prediction: passes of a network over a million voxels at 1 Å take seconds. */
const [weightOfPass, weightOfPreparation] = [2000, 50];

/** Declares the prediction. `sampling`: null for one pass without chance. */
export async function openPrediction(
  graph: Graph,
  { voxels: map, grid }: MapToSharpen,
  mask: Value<Uint8Array>,
  settings: NetworkSettings,
  sampling: PredictInput['sampling'],
): Promise<Prediction> {
  const { cubeSize, stride, blending, batchSize: batch, device, gpuIds, threads, compatibility } = settings;
  const network = await findNetwork(settings.network);
  const { graph: file, mapShare = null } = network.manifest;
  const cubes = { cubeSize, stride, blending, sampling };
  const given = { map, mask, grid, network: file.sha256, ...cubes, mapShare, compatibility };
  const predicted: Value<Predicted> = graph.step(
    predictMap,
    { ...given, found: network, batch, device, gpuIds, threads },
    {
      label: 'predicting with the network',
      weight: weightOfPreparation + weightOfPass * (sampling?.passes ?? 1) ** 0.5,
    },
  );
  const claim = claimOf(settings);
  const facts = {
    // A network that knows one hand alone makes up what the other would have: its result does not show the mistake.
    handedness: graph.step(
      checkHandedness,
      { voxels: map, mask, grid, claim, threads },
      { label: 'looking at the hand of the map', weight: 30 },
    ),
    prediction: graph.step(predictionFacts, { predicted }, { label: 'predicting with the network', weight: 0 }),
  };
  const [mean, variance] = [graph.part(predicted, 'mean'), graph.part(predicted, 'variance')];
  if (claim === null) return { network, mean, variance, facts };
  const force = settings.forceSymmetry;
  const checking = { label: 'checking the symmetry', weight: 20 };
  const symmetry: Value<SymmetryCheck> = graph.step(checkSymmetry, { voxels: map, grid, claim, force }, checking);
  // The map decides whether the claim stands; a prediction only nearly has it.
  const averaged = (voxels: Value<Float32Array>): Value<Float32Array> => {
    const averaging = { label: 'averaging the prediction', weight: 40 };
    return graph.part(graph.step(symmetrise, { voxels, grid, claim, force: true, threads }, averaging), 'averaged');
  };
  return { network, mean: averaged(mean), variance: averaged(variance), facts: { symmetry, ...facts } };
}

/** The small part of a prediction. */
const predictionFacts = {
  name: 'predictionFacts',
  version: 1,
  run: ({ predicted: { cubes, allCubes, provider } }: { readonly predicted: Predicted }) => ({
    cubes,
    allCubes,
    provider,
  }),
};

/** What is written of a network beside the parameters. */
export const networkFacts = ({ manifest }: FoundNetwork): Readonly<Record<string, unknown>> => ({
  name: manifest.name,
  sha256: manifest.graph.sha256,
  source: manifest.source,
  parameters: manifest.parameters,
  ...(manifest.mapShare !== undefined && { mapShare: manifest.mapShare }),
  trainingData: manifest.trainingData,
  licence: manifest.licence,
  notes: manifest.notes,
});
