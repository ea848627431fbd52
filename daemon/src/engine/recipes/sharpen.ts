import type { ModelFacts } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Given, Graph, Value } from '../graph.js';
import { LiveOutput } from '../live-output.js';
import type { Outcome } from '../messages.js';
import { type AuditedScaling, auditScaling } from '../steps/audit-scaling.js';
import { edgeFill } from '../steps/edge-fill.js';
import { filterScaled } from '../steps/filter-scaled.js';
import type { LocalResolutionOutput } from '../steps/local-resolution.js';
import type { OutputMap } from '../steps/save-outputs.js';
import type { FormSettings } from '../steps/scaling-form.js';
import { type Scaled, scaleWindows, type ScalingInput } from '../steps/scale-windows.js';
import type { MapToSharpen } from './map-to-sharpen.js';
import type { MaskOfMap } from './mask-of-map.js';
import type { OpenedModel } from './open-model.js';
import type { OpenedSource } from './open-source.js';
import type { RecipeRequest } from './recipe.js';
import { type OutputModel, writeResults } from './results.js';

/** Everything that the modes decide; from here on they are the same. */
export interface Sharpening {
  readonly recipe: string;
  /** What the map is, for its label; by default the recipe's name and what all have in common. */
  readonly title?: string;
  /** Parameters with their defaults, for provenance. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly windowSize: number;
  readonly profile: 'octant' | 'shell';
  readonly threads: number | undefined;
  readonly map: MapToSharpen;
  readonly mask: MaskOfMap;
  readonly reference: Value<Float32Array> | undefined;
  readonly form: Given<Omit<FormSettings, 'reference'>>;
  /** Null: no audit. */
  readonly audit: { readonly smoothFactor: number } | null;
  /** Null: no report. */
  readonly report: ReportSettings | null;
  /** Null: the resolution is not looked at locally. */
  readonly local: LocalSettings | null;
  /** Files beside those of the map. */
  readonly otherSources: readonly (OpenedSource | OpenedModel)[];
  /** Maps and models beside the maps that every mode makes. */
  readonly maps: readonly ExtraMap[];
  readonly models: readonly ExtraModel[];
  /** Small results that provenance tells of, checks that refuse the job among them. */
  readonly facts: Readonly<Record<string, Value<unknown>>>;
}

/** A map that only some modes make: an output volume, and a file with its own suffix. */
export interface ExtraMap {
  readonly name: string;
  readonly suffix: string;
  readonly title: string;
  readonly voxels: Value<Float32Array | Uint8Array>;
}

/** A model that only some modes make, as mmCIF: a model of the daemon, and a file with its own suffix. */
export interface ExtraModel {
  readonly name: string;
  /** Behind the stem of the main map, with its ending. */
  readonly suffix: string;
  readonly bytes: Value<Uint8Array>;
  readonly facts: Value<ModelFacts>;
}

export interface ReportSettings {
  /** Of the files, without ending; undefined: from the map. */
  readonly name: string | undefined;
  /** What parameters are called on the command line. */
  readonly flags: Readonly<Record<string, string>>;
}

export interface LocalSettings {
  readonly resolution: Value<LocalResolutionOutput>;
  /** Filter the scaled map by it. */
  readonly filter: boolean;
  /** End the scaling of each voxel there. */
  readonly cutoff: boolean;
}

function declareFilter(
  graph: Graph,
  scaling: Value<Scaled>,
  { map, mask, threads }: Sharpening,
  { resolution }: LocalSettings,
): Value<Float32Array> {
  const given = {
    map: graph.part(scaling, 'scaled'),
    resolution: graph.part(resolution, 'resolution'),
    grid: map.grid,
    mask: mask.mask,
    threads,
  };
  return graph.step(filterScaled, given, { label: 'filtering locally', weight: 60 });
}

/** Share of the mask that is audited, and the seed by which the voxels are drawn. */
const [auditShare, auditSeed] = [0.01, 1];

function declareAudit(
  graph: Graph,
  given: Given<ScalingInput>,
  scaling: Value<Scaled>,
  { smoothFactor }: { readonly smoothFactor: number },
): Value<AuditedScaling> {
  const results = {
    scaled: graph.part(scaling, 'scaled'),
    bfactors: graph.part(scaling, 'bfactors'),
    qualities: graph.part(scaling, 'qualities'),
  };
  const settings = { smoothFactor, share: auditShare, seed: auditSeed };
  return graph.step(auditScaling, { ...given, ...results, ...settings }, { label: 'auditing the map', weight: 30 });
}

/** Scales, shows while it scales, writes: the part that all modes of sharpening share. */
export async function sharpen(
  graph: Graph,
  request: RecipeRequest,
  hooks: TaskHooks,
  plan: Sharpening,
): Promise<Outcome> {
  const { map, mask, windowSize, threads, reference, profile } = plan;
  const { shape } = map.grid;
  const half = windowSize / 2;
  const edges = { map: map.voxels, reference, mask: mask.mask, shape, half };
  const fill = graph.step(edgeFill, edges, { label: 'looking at the edges', weight: 3 });
  // What is filtered afterwards is not final when it is scaled.
  const rawPath = plan.local?.filter === true ? undefined : request.rawOutputs['sharpened'];
  const live = rawPath === undefined ? null : await LiveOutput.create(rawPath, 'sharpened', shape, hooks);
  try {
    const given: Given<ScalingInput> = {
      ...plan.form,
      reference,
      map: map.voxels,
      mask: mask.mask,
      shape,
      windowSize,
      profile,
      fill,
      ...(plan.local?.cutoff === true ? { localCutoff: graph.part(plan.local.resolution, 'resolution') } : {}),
      threads,
      live,
    };
    const scaling = graph.step(scaleWindows, given, { label: 'scaling the windows', weight: 100 });
    const audit = plan.audit && declareAudit(graph, { ...given, live: null }, scaling, plan.audit);
    const resolution = plan.local ? graph.part(plan.local.resolution, 'resolution') : undefined;
    const filtered = plan.local?.filter === true ? declareFilter(graph, scaling, plan, plan.local) : undefined;
    const wanted = request.outputPath !== null && plan.report !== null;
    const forReport = wanted ? [map.voxels, mask.mask, reference, map.fsc] : [];
    const maskMade = mask.source === null ? mask.mask : undefined;
    const extraMaps = plan.maps.filter(({ name }) => request.outputPath !== null || name in request.rawOutputs);
    const models = plan.models.filter(({ name }) => request.outputPath !== null || name in request.modelOutputs);
    const extras = [...extraMaps.map(({ voxels }) => voxels), ...models.flatMap(({ bytes, facts }) => [bytes, facts])];
    const made = [maskMade, scaling, audit, resolution, filtered];
    const results = [...Object.values(plan.facts), ...made, ...extras, ...forReport];
    graph.plan(results.filter((result) => result !== undefined && result !== null));

    // Among them what refuses the job: before anything expensive.
    const facts: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(plan.facts)) facts[name] = await graph.get(value);
    const madeMask = mask.source === null ? await graph.get(mask.mask) : undefined;
    const { scaled, bfactors, qualities, ...counts } = await graph.get(scaling);
    await live?.finish(scaled);
    const audited = audit ? await graph.get(audit) : undefined;
    const localResolution = resolution && (await graph.get(resolution));
    const sharpened = filtered ? await graph.get(filtered) : scaled;
    const otherMaps: OutputMap[] = [];
    for (const { voxels, ...map } of extraMaps) otherMaps.push({ ...map, voxels: asNumbers(await graph.get(voxels)) });
    const madeModels: OutputModel[] = [];
    for (const { bytes, facts, ...model } of models)
      madeModels.push({ ...model, bytes: await graph.get(bytes), facts: await graph.get(facts) });
    return await writeResults(graph, request, plan, {
      otherMaps,
      models: madeModels,
      scaled: sharpened,
      bfactors,
      qualities,
      mask: madeMask,
      shown: live !== null,
      localResolution,
      audited,
      forReport: wanted
        ? {
            map: await graph.get(map.voxels),
            mask: madeMask ?? (await graph.get(mask.mask)),
            reference: reference && (await graph.get(reference)),
            fsc: map.fsc === null ? undefined : await graph.get(map.fsc),
          }
        : null,
      provenance: {
        recipe: plan.recipe,
        parameters: { ...plan.parameters, windowSize, voxelSize: map.grid.voxelSize, threads: threads ?? 'all' },
        given: request.parameters,
        maskedVoxels: counts.scaledVoxels,
        ...counts,
        ...facts,
        ...(audited === undefined ? {} : { audit: audited.agreement }),
        steps: graph.steps,
      },
    });
  } catch (error) {
    await live?.discard();
    throw error;
  }
}

const asNumbers = (voxels: Float32Array | Uint8Array): Float32Array =>
  voxels instanceof Float32Array ? voxels : Float32Array.from(voxels);
