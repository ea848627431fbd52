import { describe, expect, it } from 'vitest';
import { openRpcDocument } from '@chimerax-like/rpc';
import { type Draft, emptyDraft, labelOf, proposeRecipe, toRequest } from './draft.js';
import { readRecipes, type RecipeForm } from './recipe-form.js';

const forms = readRecipes(openRpcDocument());
const form = (name: string): RecipeForm => {
  const found = forms.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no recipe ${name}`);
  return found;
};
const [a, b, c] = ['vol-0000000000000001', 'vol-0000000000000002', 'vol-0000000000000003'] as const;
const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft, ...change });

describe('the form of a recipe', () => {
  it('has its inputs with their kinds', () => {
    const inputs = form('reference-map').inputs.map(({ name, kind, required }) => [name, kind, required]);
    expect(inputs).toEqual(
      expect.arrayContaining([
        ['halfMaps', 'half maps', false],
        ['map', 'volume', false],
        ['reference', 'volume', true],
      ]),
    );
  });

  it('has every parameter with default, range and unit', () => {
    const byName = new Map(form('reference-map').parameters.map((field) => [field.name, field]));
    expect(byName.get('form')).toMatchObject({
      kind: 'choice',
      preset: 'atomic',
      choices: ['atomic', 'theoretical', 'hybrid'],
    });
    expect(byName.get('windowSize')).toMatchObject({
      kind: 'number',
      whole: true,
      min: 4,
      max: 128,
      unit: 'voxels',
      preset: undefined,
    });
    expect(byName.get('symmetryCentre')).toMatchObject({ kind: 'numbers', count: 3 });
    expect(byName.get('report')).toMatchObject({ kind: 'switch', preset: false });
  });

  it('leaves no parameter of any recipe out', () => {
    const described = openRpcDocument()['x-recipes'] as readonly {
      readonly name: string;
      readonly parameters: { readonly properties: object };
    }[];
    for (const { name, parameters } of described)
      expect(
        form(name).parameters.map((field) => field.name),
        name,
      ).toEqual(Object.keys(parameters.properties));
  });
});

describe('a request', () => {
  it('names what the recipe takes, and nothing else', () => {
    const chosen = draft({
      halfMaps: [a, b],
      volumes: { reference: c, target: a },
      parameters: { windowSize: 20, other: 1 },
    });
    expect(toRequest(chosen, form('reference-map'))).toEqual({
      recipe: 'reference-map',
      inputs: { halfMaps: [a, b], reference: c },
      parameters: { windowSize: 20 },
    });
  });

  it('takes one map instead of half maps', () => {
    const chosen = draft({ halfMaps: [a, b], volumes: { map: c } });
    expect(toRequest(chosen, form('no-reference')).inputs).toEqual({ map: c });
  });

  it.each([
    [draft({}), 'no-reference', /No map is chosen/],
    [draft({ halfMaps: [a, undefined] }), 'no-reference', /two are needed/],
    [draft({ volumes: { map: a } }), 'reference-map', /needs the input reference/],
  ])('that lacks something says what', (chosen, recipe, message) => {
    expect(() => toRequest(chosen, form(recipe))).toThrow(message);
  });
});

it('proposes the recipe that fits what is there', () => {
  expect(proposeRecipe(draft({ volumes: { reference: a } }), forms)).toBe('reference-map');
  expect(proposeRecipe(draft({ recipe: 'no-reference', recipeChosen: true, volumes: { reference: a } }), forms)).toBe(
    'no-reference',
  );
  expect(proposeRecipe(draft({ recipe: 'gone', recipeChosen: true }), [form('no-reference')])).toBe('no-reference');
});

it('writes names as people do', () => {
  expect(labelOf('differenceMask')).toBe('difference mask');
  expect(labelOf('halfMaps')).toBe('half maps');
  expect(labelOf('bfactors')).toBe('B-factors');
});
