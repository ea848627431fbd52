import { LocScaleError } from '@chimerax-like/rpc';
import { z } from 'zod';
import { tidyText } from './command-text.js';
import type { RestClient } from './rest-client.js';

/** A model that is open in ChimeraX. */
export interface OpenModel {
  /** `#1`, `#2.1` … */
  readonly spec: string;
  readonly name: string;
}

/** `info models` lists one attribute of each model, which is the name unless another was asked for. */
const modelsSchema = z.array(z.object({ spec: z.string(), value: z.string().nullish() }));
const openedSchema = z.object({ 'model specs': z.array(z.string()).min(1) });

/** What is open now: models are renamed, renumbered and closed by hand. */
export async function openModels(client: RestClient): Promise<readonly OpenModel[]> {
  const { values } = await client.run('info models');
  const parsed = modelsSchema.safeParse(values[0]);
  return parsed.success ? parsed.data.map(({ spec, value }) => ({ spec: hashed(spec), name: value ?? '' })) : [];
}

/**
 * Finds a model of ours again: the same number with the same name, else the only one of its name. Numbers are used again
 * after closing, so a number alone proves nothing.
 */
export function findAgain(model: OpenModel, open: readonly OpenModel[]): OpenModel | null {
  const named = open.filter(({ name }) => name === model.name);
  return named.find(({ spec }) => spec === model.spec) ?? (named.length === 1 ? (named[0] ?? null) : null);
}

/** Opens a file, by a path that is quoted already; the number comes from the values, for the log names one that may change at once. */
export async function openModel(client: RestClient, path: string, name: string): Promise<OpenModel> {
  const tidy = tidyText(name);
  const { values, notes } = await client.run(`open ${path} name "${tidy}"`);
  const parsed = openedSchema.safeParse(values[0]);
  const spec = parsed.success ? parsed.data['model specs'][0] : /\bas (#[\d.]+)/.exec(notes.join(''))?.[1];
  if (spec === undefined)
    throw new LocScaleError('viewer.refused', `ChimeraX does not say which model it opened from ${path}.`);
  return { spec: hashed(spec), name: tidy };
}

/** Volume within the surface of a map, Å³; null where ChimeraX does not say. */
export async function enclosedVolume(client: RestClient, spec: string): Promise<number | null> {
  const { notes } = await client.run(`measure volume ${spec}`);
  const number = /=\s*([\d.]+(?:e[+-]?\d+)?)/i.exec(notes.join(' '))?.[1];
  return number === undefined || !(Number(number) > 0) ? null : Number(number);
}

/** Whether the LocScale bundle is installed: then it knows how to put results in place. */
export async function hasBundle(client: RestClient): Promise<boolean> {
  const notes = await client.run('usage locscale apply').then(
    (reply) => reply.notes,
    (error: unknown) => {
      if (error instanceof Error && 'kind' in error && error.kind === 'viewer.refused') return [];
      throw error;
    },
  );
  // Its synopsis begins `'locscale apply' _job_`; for a command that does not exist there is a warning and no note.
  return /^\W*locscale apply\W+\w/m.test(notes.join('\n').replaceAll(/<[^>]*>/g, ''));
}

const hashed = (spec: string): string => (spec.startsWith('#') ? spec : `#${spec}`);
