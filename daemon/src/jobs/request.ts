import { createHash } from 'node:crypto';
import { describeIssues, type Grid, LocScaleError, recipes, type VolumeId } from '@chimerax-like/rpc';
import type { z } from 'zod';
import type { Preparation } from '../engine/recipes/recipe.js';
import { engineRecipe } from '../engine/recipes/index.js';
import type { VolumeSource } from '../engine/messages.js';
import type { VolumeRegistry } from './volume-registry.js';

/** A job as a client asks for it; inputs are volume ids. */
export interface ClientRequest {
  readonly recipe: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly output?: { readonly path: string } | undefined;
  readonly requestKey?: string | undefined;
}

/** The same with inputs as files, checked as far as headers go. */
export interface ResolvedRequest {
  readonly inputs: Readonly<Record<string, VolumeSource | VolumeSource[]>>;
  readonly volumes: readonly VolumeId[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly preparation: Preparation;
}

/** Checks a request against its recipe and the volumes it names. */
export function resolveRequest(request: ClientRequest, registry: VolumeRegistry): ResolvedRequest {
  const engine = engineRecipe(request.recipe);
  const descriptor = recipes[engine.name];
  if (descriptor === undefined)
    throw new LocScaleError('rpc.internal', `The recipe ${engine.name} has no descriptor; report this.`);
  const named = Object.entries(check('inputs', descriptor.inputs, request.inputs));
  const parameters = check('parameters', descriptor.parameters, request.parameters);
  const inputs: Record<string, VolumeSource | VolumeSource[]> = {};
  const grids: Record<string, Grid> = {};
  const volumes: VolumeId[] = [];
  for (const [name, value] of named) {
    if (value === undefined) continue;
    const ids = typeof value === 'string' ? [value] : value;
    ids.forEach((id, i) => (grids[ids.length === 1 ? name : `${name}.${i}`] = registry.describe(id).grid));
    const sources = ids.map((id) => registry.source(id));
    inputs[name] = typeof value === 'string' ? registry.source(value) : sources;
    volumes.push(...ids);
  }
  return { inputs, parameters, volumes, preparation: engine.prepare(grids, parameters) };
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
