import type { Grid } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Given, Graph, Value } from '../graph.js';
import { LiveOutput } from '../live-output.js';
import type { Outcome } from '../messages.js';
import { edgeFill } from '../steps/edge-fill.js';
import { documentPath } from '../output-path.js';
import { type OutputDocument, type OutputMap, saveOutputs } from '../steps/save-outputs.js';
import type { FormSettings } from '../steps/scaling-form.js';
import { type AuditedScaling, auditScaling } from '../steps/audit-scaling.js';
import { type Scaled, scaleWindows, type ScalingInput } from '../steps/scale-windows.js';
import type { MapToSharpen } from './map-to-sharpen.js';
import type { MaskOfMap } from './mask-of-map.js';
import type { OpenedSource } from './open-source.js';
import type { RecipeRequest } from './recipe.js';
import { writeRaw } from '../raw-file.js';

/** Everything that the modes decide; from here on they are the same. */
export interface Sharpening {
  readonly recipe: string;
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
  /** Files beside those of the map. */
  readonly otherSources: readonly OpenedSource[];
  /** Small results that provenance tells of, checks that refuse the job among them. */
  readonly facts: Readonly<Record<string, Value<unknown>>>;
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
  const { grid } = map;
  const { shape } = grid;
  const half = windowSize / 2;
  const edges = { map: map.voxels, reference, mask: mask.mask, shape, half };
  const fill = graph.step(edgeFill, edges, { label: 'looking at the edges', weight: 3 });
  const rawPath = request.rawOutputs['sharpened'];
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
      threads,
      live,
    };
    const scaling = graph.step(scaleWindows, given, { label: 'scaling the windows', weight: 100 });
    const audit = plan.audit === null ? null : declareAudit(graph, { ...given, live: null }, scaling, plan.audit);
    graph.plan([...Object.values(plan.facts), scaling, ...(audit === null ? [] : [audit])]);
    // Among them what refuses the job: before anything expensive.
    const facts: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(plan.facts)) facts[name] = await graph.get(value);
    const madeMask = mask.source === null ? await graph.get(mask.mask) : undefined;
    const { scaled, bfactors, qualities, ...counts } = await graph.get(scaling);
    await live?.finish(scaled);
    const audited = audit === null ? null : await graph.get(audit);
    const maps = outputMaps(plan.recipe, scaled, bfactors, qualities, madeMask);
    const provenance = {
      recipe: plan.recipe,
      parameters: { ...plan.parameters, windowSize, voxelSize: grid.voxelSize, threads: threads ?? 'all' },
      given: request.parameters,
      maskedVoxels: counts.scaledVoxels,
      ...counts,
      ...facts,
      ...(audited === null ? {} : { audit: audited.agreement }),
      steps: graph.steps,
    };
    return await write(graph, request, plan, { maps, audited }, provenance);
  } catch (error) {
    await live?.discard();
    throw error;
  }
}

interface Results {
  readonly maps: readonly OutputMap[];
  readonly audited: AuditedScaling | null;
}

function outputMaps(
  recipe: string,
  scaled: Float32Array,
  bfactors: Float32Array | undefined,
  qualities: Float32Array | undefined,
  mask: Uint8Array | undefined,
): readonly OutputMap[] {
  return [
    { name: 'sharpened', suffix: '', title: `${recipe}, local amplitude scaling`, voxels: scaled },
    ...(bfactors === undefined
      ? []
      : [{ name: 'bfactors', suffix: '_bfactor', title: 'local B-factors, square angstrom', voxels: bfactors }]),
    ...(qualities === undefined
      ? []
      : [{ name: 'qualities', suffix: '_qfit', title: 'R^2 of the fits of local B-factors', voxels: qualities }]),
    ...(mask === undefined
      ? []
      : [{ name: 'mask', suffix: '_mask', title: 'confidence mask', voxels: Float32Array.from(mask) }]),
  ];
}

async function write(
  graph: Graph,
  request: RecipeRequest,
  plan: Sharpening,
  { maps, audited }: Results,
  provenance: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  const { grid, sources } = plan.map;
  for (const { name, voxels } of maps) {
    const path = request.rawOutputs[name];
    if (name !== 'sharpened' && path !== undefined) await writeRaw(path, grid.shape, voxels, graph.signal);
  }
  const files = [...sources, ...plan.otherSources];
  const record = { provenance, sources: files, timings: graph.timings, warnings: graph.warnings };
  const { outputPath } = request;
  const documents: OutputDocument[] = [];
  if (outputPath !== null && audited !== null)
    documents.push({ role: 'audit', path: documentPath(outputPath, '_audit.json'), bytes: Buffer.from(audited.text) });
  const saving = { outputPath, grid, maps, documents, template: sources[0].header, record };
  const written = await graph.run(saveOutputs, saving, { label: 'writing the map', weight: 12 });
  const outputs: Record<string, Grid> = Object.fromEntries(maps.map(({ name }) => [name, grid]));
  return {
    outputs,
    files: [...written],
    timings: { ...graph.timings },
    warnings: [...graph.warnings],
    provenance,
  };
}
