import { LocScaleError, type ModelReference, type VolumeId } from '@chimerax-like/rpc';
import type { JobRequest } from './job-list.js';
import type { InputField, RecipeForm } from './recipe-form.js';

/** What a person has chosen so far: the next job. */
export interface Draft {
  /** The mode chosen, or the one that fits what is there. */
  readonly recipe: string;
  /** A person chose the mode, so that it stays whatever else is chosen. */
  readonly recipeChosen: boolean;
  readonly halfMaps: readonly [VolumeId | undefined, VolumeId | undefined];
  /** Volumes by the input's name: `map`, `reference`, `mask` … They stay when another recipe is chosen. */
  readonly volumes: Readonly<Record<string, VolumeId | undefined>>;
  readonly models: Readonly<Record<string, ModelReference | undefined>>;
  /** Where the result is written, on the daemon's machine; empty: it stays in the daemon. */
  readonly saveAs: string;
  /** Only what differs from the daemon's defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export const emptyDraft: Draft = {
  recipe: '',
  recipeChosen: false,
  halfMaps: [undefined, undefined],
  volumes: {},
  models: {},
  saveAs: '',
  parameters: {},
};

/** The volume that stands for the job on the screen: what is sharpened. */
export const mapToSharpen = ({ halfMaps, volumes }: Draft): VolumeId | undefined => volumes['map'] ?? halfMaps[0];

/** The other half map of a chosen pair. */
export function partnerIn({ halfMaps: [one, two] }: Draft, volume: VolumeId): VolumeId | undefined {
  return one === volume && two !== one ? two : undefined;
}

/** The draft without volumes that the daemon does not hold any more; the same object when all are there. */
export function withoutGone(draft: Draft, isThere: (volume: VolumeId) => boolean): Draft {
  const gone = (volume: VolumeId | undefined): boolean => volume !== undefined && !isThere(volume);
  const named = Object.entries(draft.volumes);
  if (!draft.halfMaps.some(gone) && !named.some(([, volume]) => gone(volume))) return draft;
  const [one, two] = draft.halfMaps;
  return {
    ...draft,
    halfMaps: [gone(one) ? undefined : one, gone(two) ? undefined : two],
    volumes: Object.fromEntries(named.filter(([, volume]) => !gone(volume))),
  };
}

/** What an input of the recipe has been given. */
export function givenInput(draft: Draft, { name, kind }: InputField): unknown {
  switch (kind) {
    case 'half maps':
      return draft.halfMaps[0] !== undefined && draft.halfMaps[1] !== undefined && draft.volumes['map'] === undefined
        ? draft.halfMaps
        : undefined;
    case 'model':
      return draft.models[name];
    case 'volume':
      return draft.volumes[name];
  }
}

/** The request for the daemon; throws the sentence that says what is missing. */
export function toRequest(draft: Draft, form: RecipeForm): JobRequest {
  const given = form.inputs.map((field) => ({ field, value: givenInput(draft, field) }));
  const takesMap = form.inputs.some(({ name }) => name === 'map' || name === 'halfMaps');
  if (takesMap && mapToSharpen(draft) === undefined)
    throw missing('No map is chosen; drop two half maps or a map onto the viewer, or open one by its path.');
  if (draft.volumes['map'] === undefined && draft.halfMaps[0] !== undefined && draft.halfMaps[1] === undefined)
    throw missing('One half map is chosen, two are needed; choose the other one, or use this one as a map.');
  for (const { field, value } of given)
    if (field.required && value === undefined)
      throw missing(`The mode ${form.title} needs the input ${labelOf(field.name)}; choose one, or another mode.`);
  const path = draft.saveAs.trim();
  const known = new Set(form.parameters.map(({ name }) => name));
  return {
    ...(path !== '' && { output: { path } }),
    recipe: form.name,
    inputs: Object.fromEntries(given.flatMap(({ field, value }) => (value === undefined ? [] : [[field.name, value]]))),
    parameters: Object.fromEntries(
      Object.entries(draft.parameters).filter(([name, value]) => known.has(name) && value !== undefined),
    ),
  };
}

const missing = (message: string): LocScaleError => new LocScaleError('input.missing', message);

/** Names of which the parts alone do not say what people call it. */
const words: Readonly<Record<string, string>> = { bfactors: 'B-factors', qualities: 'R² of the fits' };

/** `differenceMask` as people write it: `difference mask`. */
export const labelOf = (name: string): string =>
  words[name] ??
  name.replace(/[A-Z]+/g, (capitals) => ` ${capitals.length > 1 ? capitals : capitals.toLowerCase()}`).trim();

/** Recipes from the one that asks for most of what is there to the one that asks for least. */
const preferences = ['feature-enhance', 'model-free', 'no-reference'];

/** The recipe that was chosen, or the one that fits what has been given. */
export function proposeRecipe(draft: Draft, forms: readonly RecipeForm[]): string {
  const offered = new Set(forms.map(({ name }) => name));
  if (draft.recipeChosen && offered.has(draft.recipe)) return draft.recipe;
  const wanted = [
    ...(draft.volumes['reference'] === undefined ? [] : ['reference-map']),
    ...(Object.values(draft.models).some((model) => model !== undefined) ? ['model-based'] : []),
    ...preferences,
  ];
  return wanted.find((name) => offered.has(name)) ?? forms[0]?.name ?? '';
}
