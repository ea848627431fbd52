import { basename, dirname, join } from 'node:path';
import type { Grid } from '@chimerax-like/rpc';
import { contourLevel } from '@locscale/native';
import type { FoundNetwork } from '../../networks/index.js';
import { chimeraxScript } from '../confidence/chimerax-script.js';
import { calibrationText } from '../confidence/calibration-text.js';
import type { Graph, Value } from '../graph.js';
import type { Outcome } from '../messages.js';
import { documentPath, sidePath } from '../output-path.js';
import { writeRaw } from '../raw-file.js';
import { reportPaths } from '../report/paths.js';
import type { ConfidenceScore } from '../steps/confidence-score.js';
import { report } from '../steps/report.js';
import { type OutputDocument, type OutputMap, saveOutputs } from '../steps/save-outputs.js';
import type { MapToSharpen } from './map-to-sharpen.js';
import type { MaskOfMap } from './mask-of-map.js';
import type { OpenedSource } from './open-source.js';
import { networkFacts } from './prediction.js';
import type { RecipeRequest } from './recipe.js';
import type { ReportSettings } from './sharpen.js';

/** Everything that an enhancement decides and declares. */
export interface Enhancement {
  /** With their defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly map: MapToSharpen;
  readonly mask: MaskOfMap;
  readonly network: FoundNetwork;
  readonly facts: Readonly<Record<string, Value<unknown>>>;
  readonly otherSources: readonly OpenedSource[];
  readonly enhanced: Value<Float32Array>;
  readonly baseline: Value<Float32Array>;
  /** Null without Monte Carlo. */
  readonly variance: Value<Float32Array> | null;
  /** Null without Monte Carlo or without a calibrator. */
  readonly score: Value<ConfidenceScore> | null;
  /** Null: no report. */
  readonly report: ReportSettings | null;
}

/** Computes what was declared, and writes maps, script, diagnostics and record. */
export async function writeEnhanced(graph: Graph, request: RecipeRequest, plan: Enhancement): Promise<Outcome> {
  const { map, mask, network } = plan;
  const { name } = network.manifest;
  const maskMade = mask.source === null ? mask.mask : null;
  const reported = plan.report !== null && request.outputPath !== null;
  const wanted = [
    ...Object.values(plan.facts),
    maskMade ?? mask.mask,
    plan.enhanced,
    plan.baseline,
    plan.variance,
    plan.score,
    ...(reported ? [map.voxels, map.fsc] : []),
  ];
  graph.plan(wanted.filter((value) => value !== null));
  const facts: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(plan.facts)) facts[key] = await graph.get(value);
  const binary = await graph.get(maskMade ?? mask.mask);
  const enhanced = await graph.get(plan.enhanced);
  const baseline = await graph.get(plan.baseline);
  const variance = plan.variance && (await graph.get(plan.variance));
  const score = plan.score && (await graph.get(plan.score));

  const maps: readonly OutputMap[] = [
    { name: 'fem', suffix: '', title: `feature-enhanced by the network ${name}`, voxels: enhanced },
    { name: 'baseline', suffix: '_baseline', title: `scaled to the map enhanced by ${name}`, voxels: baseline },
    ...(variance === null
      ? []
      : [{ name: 'variance', suffix: '_variance', title: `variance of ${name}`, voxels: variance }]),
    ...(score === null
      ? []
      : [{ name: 'pvddt', suffix: '_pVDDT', title: `pVDDT, network ${name}`, voxels: score.pvddt }]),
    ...(maskMade === null
      ? []
      : [{ name: 'mask', suffix: '_mask', title: 'confidence mask', voxels: Float32Array.from(binary) }]),
  ];
  const { grid, sources } = map;
  const { outputPath, rawOutputs } = request;
  for (const { name: output, voxels } of maps) {
    const path = rawOutputs[output];
    if (path !== undefined) await writeRaw(path, grid.shape, voxels, graph.signal);
  }
  const maskedVoxels = binary.reduce((sum, value) => sum + value, 0);
  const provenance = {
    recipe: 'feature-enhance',
    parameters: { ...plan.parameters, voxelSize: grid.voxelSize },
    given: request.parameters,
    network: networkFacts(network),
    densityFrom: `The network ${name}`,
    maskedVoxels,
    scaledVoxels: maskedVoxels,
    ...facts,
    ...(score === null ? {} : { calibration: { levels: score.levels, voxels: score.voxels } }),
    steps: graph.steps,
  };
  const level = await contourOf(name, enhanced, maskedVoxels);
  const record = {
    provenance,
    sources: [...sources, ...plan.otherSources],
    timings: graph.timings,
    warnings: graph.warnings,
  };
  const documents = outputPath === null ? [] : documentsOf(outputPath, score, level);
  const saving = { outputPath, grid, maps, documents, template: sources[0].header, record };
  const files = [...(await graph.run(saveOutputs, saving, { label: 'writing the maps', weight: 12 }))];
  if (plan.report !== null && outputPath !== null) {
    const input = {
      paths: reportPaths(outputPath, plan.report.name),
      title: basename(outputPath),
      grid,
      map: await graph.get(map.voxels),
      scaled: enhanced,
      reference: baseline,
      referenceName: 'baseline' as const,
      mask: binary,
      fsc: map.fsc === null ? undefined : await graph.get(map.fsc),
      score: score ?? undefined,
      densityFrom: provenance.densityFrom,
      record,
      outputs: files,
      flags: plan.report.flags,
      seed: 1,
    };
    files.push(...(await graph.run(report, input, { label: 'writing the report', weight: 60 })).files);
  }
  const outputs: Record<string, Grid> = Object.fromEntries(maps.map(({ name: output }) => [output, grid]));
  return { outputs, models: {}, files, timings: { ...graph.timings }, warnings: [...graph.warnings], provenance };
}

/** EMmerNet's maps are looked at at 0.12 (emmernet.md 6); those of other networks where they enclose half of the mask's volume. */
async function contourOf(network: string, enhanced: Float32Array, maskedVoxels: number): Promise<number> {
  if (/^emmernet(?!-sim)/iu.test(network)) return 0.12;
  return contourLevel(enhanced, Math.max(1, Math.round(maskedVoxels / 2)));
}

function documentsOf(outputPath: string, score: ConfidenceScore | null, level: number): readonly OutputDocument[] {
  const script = chimeraxScript({
    enhanced: basename(outputPath),
    baseline: basename(sidePath(outputPath, '_baseline')),
    pvddt: score === null ? null : basename(sidePath(outputPath, '_pVDDT')),
    level,
  });
  return [
    { role: 'script', path: join(dirname(outputPath), 'chimera_script.cxc'), bytes: Buffer.from(script) },
    ...(score === null
      ? []
      : [
          {
            role: 'calibration',
            path: documentPath(outputPath, '_calibration.json'),
            bytes: Buffer.from(calibrationText(score)),
          },
        ]),
  ];
}
