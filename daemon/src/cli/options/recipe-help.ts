import { recipes, type RecipeDescriptor } from '@chimerax-like/rpc';

/** The parts of a field's metadata that the command line shows. */
interface FieldMeta {
  readonly cli?: unknown;
  readonly description?: string | undefined;
}

interface Shaped {
  readonly shape: Readonly<Record<string, { meta(): FieldMeta | undefined }>>;
}

const isShaped = (schema: unknown): schema is Shaped =>
  typeof schema === 'object' && schema !== null && 'shape' in schema && typeof schema.shape === 'object';

/** Text of every recipe field that has a command-line name, by that name as written there, e.g. `-ma, --mask`. */
export function recipeHelp(
  descriptors: readonly RecipeDescriptor[] = Object.values(recipes),
): ReadonlyMap<string, string> {
  const help = new Map<string, string>();
  for (const schema of descriptors.flatMap((recipe): readonly unknown[] => [recipe.inputs, recipe.parameters])) {
    if (!isShaped(schema)) continue;
    for (const field of Object.values(schema.shape)) {
      const meta = field.meta();
      if (typeof meta?.cli === 'string') help.set(meta.cli, meta.description ?? '');
    }
  }
  return help;
}
