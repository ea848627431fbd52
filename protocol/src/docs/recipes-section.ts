import type { RecipeDescriptor } from '../descriptor.js';
import { recipes } from '../recipes/index.js';
import { code, table } from './markdown.js';
import { memberTable, schemaOf, type SharedSchemas } from './schema-text.js';

export function recipesSection(shared: SharedSchemas): string {
  const intro =
    'A recipe is one mode of sharpening. [`job.submit`](#jobsubmit) takes its name, its inputs (volume ids, from ' +
    '[`volume.open`](#volumeopen) or an [upload](#voxels-and-models-over-http)) and its parameters. The column "command line" gives ' +
    'the option of `locscale` that means the same.';
  return ['## Recipes', intro, ...Object.values(recipes).map((r) => recipeText(r, shared))].join('\n\n');
}

function recipeText(recipe: RecipeDescriptor, shared: SharedSchemas): string {
  const inputs = schemaOf(recipe.inputs, 'input', shared);
  const parameters = schemaOf(recipe.parameters, 'input', shared);
  return [
    `### ${recipe.name}`,
    `${recipe.title}: ${recipe.summary}`,
    'Inputs:',
    memberTable(inputs, 'input', shared),
    'Parameters:',
    memberTable(parameters, 'input', shared),
    'Outputs (`outputs` of the finished [Job](#job), by name):',
    table(
      ['name', 'what it holds'],
      Object.entries(recipe.outputs).map(([name, what]) => [code(name), what]),
    ),
    ...(recipe.models === undefined
      ? []
      : [
          'Models (`models` of the finished [Job](#job), by name):',
          table(
            ['name', 'what it holds'],
            Object.entries(recipe.models).map(([name, what]) => [code(name), what]),
          ),
        ]),
  ].join('\n\n');
}
