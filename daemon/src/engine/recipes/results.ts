import { basename } from 'node:path';
import type { Grid, ModelFacts } from '@chimerax-like/rpc';
import { type Graph } from '../graph.js';
import type { Outcome } from '../messages.js';
import { writeAtomically, writeFully } from '../../volumes/atomic-file.js';
import { documentPath } from '../output-path.js';
import { writeRaw } from '../raw-file.js';
import { reportPaths } from '../report/paths.js';
import type { AuditedScaling } from '../steps/audit-scaling.js';
import type { FscOutput } from '../steps/half-map-fsc.js';
import { report } from '../steps/report.js';
import { type OutputDocument, type OutputMap, saveOutputs } from '../steps/save-outputs.js';
import { meanVoxelSize } from '../voxel-size.js';
import type { RecipeRequest } from './recipe.js';
import type { Sharpening } from './sharpen.js';

/** What a recipe made, all of it in memory. */
export interface Results {
  readonly scaled: Float32Array;
  readonly bfactors: Float32Array | undefined;
  readonly qualities: Float32Array | undefined;
  /** Whether the scaled map lies in its raw file already. */
  readonly shown: boolean;
  /** Only where it was made here. */
  readonly mask: Uint8Array | undefined;
  /** Å. */
  readonly localResolution: Float32Array | undefined;
  readonly audited: AuditedScaling | undefined;
  /** What only this mode makes. */
  readonly otherMaps: readonly OutputMap[];
  readonly models: readonly OutputModel[];
  readonly provenance: Readonly<Record<string, unknown>>;
  /** Null: no report is wanted. */
  readonly forReport: ForReport | null;
}

/** A model that is written beside the maps, as mmCIF. */
export interface OutputModel {
  readonly name: string;
  /** Behind the stem of the main map, with its ending. */
  readonly suffix: string;
  readonly bytes: Uint8Array;
  readonly facts: ModelFacts;
}

/** What only a report looks at again. */
export interface ForReport {
  readonly map: Float32Array;
  readonly reference: Float32Array | undefined;
  readonly mask: Uint8Array;
  readonly fsc: FscOutput | undefined;
}

/** Writes maps, records and report, and says what was made. */
export async function writeResults(
  graph: Graph,
  request: RecipeRequest,
  plan: Sharpening,
  results: Results,
): Promise<Outcome> {
  const { provenance, audited, forReport } = results;
  const { grid, sources } = plan.map;
  const { outputPath, rawOutputs, modelOutputs } = request;
  const maps = outputMaps(plan.title ?? `${plan.recipe}, local amplitude scaling`, results);
  const writeShown = async ({ name, voxels }: OutputMap): Promise<void> => {
    const path = rawOutputs[name];
    if (path !== undefined && !(name === 'sharpened' && results.shown))
      await writeRaw(path, grid.shape, voxels, graph.signal);
  };
  await Promise.all(maps.map(writeShown));
  const shownModels = results.models.filter(({ name }) => name in modelOutputs);
  for (const { name, bytes } of shownModels)
    await writeAtomically(modelOutputs[name] as string, bytes.length, (file) => writeFully(file, bytes));
  const documents: OutputDocument[] = [];
  if (outputPath !== null)
    for (const { name, suffix, bytes } of results.models)
      documents.push({ role: name, path: documentPath(outputPath, suffix), bytes });
  if (outputPath !== null && audited !== undefined)
    documents.push({ role: 'audit', path: documentPath(outputPath, '_audit.json'), bytes: Buffer.from(audited.text) });
  const record = {
    provenance,
    sources: [...sources, ...plan.otherSources],
    timings: graph.timings,
    warnings: graph.warnings,
  };
  const saving = { outputPath, grid, maps, documents, template: sources[0].header, record };
  const files = [...(await graph.run(saveOutputs, saving, { label: 'writing the map', weight: 12 }))];
  if (forReport !== null && outputPath !== null) {
    const input = {
      ...forReport,
      paths: reportPaths(outputPath, plan.report?.name),
      title: basename(outputPath),
      grid,
      scaled: results.scaled,
      resolution: numberIn(plan.parameters['resolution']) ?? numberIn(provenance['resolution']),
      audit: audited && {
        windows: audited.windows,
        total: audited.agreement.voxels,
        windowSize: plan.windowSize,
        voxelSize: meanVoxelSize(grid),
      },
      densityFrom: null,
      record,
      outputs: files,
      flags: plan.report?.flags ?? {},
      seed: 1,
    };
    files.push(...(await graph.run(report, input, { label: 'writing the report', weight: 60 })).files);
  }
  const outputs: Record<string, Grid> = Object.fromEntries(maps.map(({ name }) => [name, grid]));
  const models = Object.fromEntries(shownModels.map(({ name, facts }) => [name, facts]));
  return { outputs, models, files, timings: { ...graph.timings }, warnings: [...graph.warnings], provenance };
}

const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function outputMaps(title: string, results: Results): readonly OutputMap[] {
  const { scaled, bfactors, qualities, mask, localResolution } = results;
  const side = (name: string, suffix: string, what: string, voxels: Float32Array | undefined): readonly OutputMap[] =>
    voxels === undefined ? [] : [{ name, suffix, title: what, voxels }];
  return [
    { name: 'sharpened', suffix: '', title, voxels: scaled },
    ...side('bfactors', '_bfactor', 'local B-factors, square angstrom', bfactors),
    ...side('qualities', '_qfit', 'R^2 of the fits of local B-factors', qualities),
    ...side('localResolution', '_locres', 'local resolution, angstrom', localResolution),
    ...side('mask', '_mask', 'confidence mask', mask && Float32Array.from(mask)),
    ...results.otherMaps,
  ];
}
