import { createHash } from 'node:crypto';
import {
  describeIssues,
  type Grid,
  LocScaleError,
  type ModelFacts,
  type ModelId,
  type ModelReference,
  recipes,
  type VolumeId,
} from '@chimerax-like/rpc';
import type { z } from 'zod';
import type { InputGrids, InputModels, Preparation } from '../engine/recipes/recipe.js';
import { engineRecipe } from '../engine/recipes/index.js';
import type { ModelSource, VolumeSource } from '../engine/messages.js';
import { readHeader } from '../volumes/index.js';
import type { ModelRegistry } from './model-registry.js';
import type { VolumeRegistry } from './volume-registry.js';

/** A job as a client asks for it; inputs are ids of volumes, and models by id or path. */
export interface ClientRequest {
  readonly recipe: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly output?: { readonly path: string } | undefined;
  readonly requestKey?: string | undefined;
}

/** The same with inputs as files, checked as far as headers go. */
export interface ResolvedRequest {
  readonly inputs: Readonly<Record<string, VolumeSource | VolumeSource[] | ModelSource>>;
  readonly volumes: readonly VolumeId[];
  readonly models: readonly ModelId[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly preparation: Preparation;
}

/** What an input may be once the recipe's schema has let it pass. */
type InputValue = VolumeId | readonly VolumeId[] | ModelReference | undefined;

/** Whether an input names a model; the ids of volumes begin otherwise. */
function isModel(value: InputValue): value is ModelReference {
  return typeof value === 'string' ? value.startsWith('mdl-') : typeof value === 'object' && 'path' in value;
}

/** Paths of the models that a request names by their files. */
export function modelPaths({ inputs }: ClientRequest): string[] {
  return Object.values(inputs).flatMap((value) =>
    typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string'
      ? [value.path]
      : [],
  );
}

/** Checks a request against its recipe, and the volumes and models that it names. */
export async function resolveRequest(
  request: ClientRequest,
  registry: VolumeRegistry,
  modelRegistry: ModelRegistry,
): Promise<ResolvedRequest> {
  const engine = engineRecipe(request.recipe);
  const descriptor = recipes[engine.name];
  if (descriptor === undefined)
    throw new LocScaleError('rpc.internal', `The recipe ${engine.name} has no descriptor; report this.`);
  const named = Object.entries<InputValue>(check('inputs', descriptor.inputs, request.inputs));
  const parameters = check('parameters', descriptor.parameters, request.parameters);
  const inputs: Record<string, VolumeSource | VolumeSource[] | ModelSource> = {};
  const grids: Record<string, Grid> = {};
  const facts: Record<string, ModelFacts> = {};
  const volumes: VolumeId[] = [];
  const models: ModelId[] = [];
  for (const [name, value] of named) {
    if (value === undefined) continue;
    if (isModel(value)) {
      const source = typeof value === 'string' ? modelRegistry.source(value) : await modelRegistry.lookAt(value.path);
      inputs[name] = source;
      if (source.facts !== undefined) facts[name] = source.facts;
      if (typeof value === 'string') models.push(value);
      continue;
    }
    const ids = typeof value === 'string' ? [value] : value;
    ids.forEach((id, i) => (grids[ids.length === 1 ? name : `${name}.${i}`] = registry.describe(id).grid));
    const sources = ids.map((id) => registry.source(id));
    inputs[name] = typeof value === 'string' ? registry.source(value) : sources;
    volumes.push(...ids);
  }
  return { inputs, parameters, volumes, models, preparation: engine.prepare(grids, parameters, facts) };
}

/** What the headers of a request's files say, read anew: for a job that was queued when the daemon ended. */
export async function headersOf(
  inputs: ResolvedRequest['inputs'],
): Promise<{ readonly grids: InputGrids; readonly facts: InputModels }> {
  const grids: Record<string, Grid> = {};
  const facts: Record<string, ModelFacts> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const sources = Array.isArray(input) ? input : [input];
    for (const [i, source] of sources.entries()) {
      const key = sources.length === 1 ? name : `${name}.${i}`;
      if (source.kind === 'raw') grids[key] = source.grid;
      else if (source.kind === 'mrc') grids[key] = (await readHeader(source.path, source.name)).grid;
      else if (source.facts !== undefined) facts[name] = source.facts;
    }
  }
  return { grids, facts };
}

/** Hash of a request as written, so that a repeated request key can be told from a misused one. */
export function requestHash({ recipe, inputs, parameters, output }: ClientRequest): string {
  return createHash('sha256')
    .update(canonical({ recipe, inputs, parameters, output: output ?? null }))
    .digest('hex');
}

/** JSON with the members of every object in alphabetical order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function check<S extends z.ZodType>(what: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = describeIssues(parsed.error);
  throw new LocScaleError(
    'input.parameter',
    `The ${what} of the job do not fit its recipe: ${issues.map(({ message }) => message).join('; ')}.`,
    { issues },
  );
}
