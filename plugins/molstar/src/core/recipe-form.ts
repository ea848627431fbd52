/** What a recipe asks for, read from the daemon's own description of itself, so that a new recipe needs no new panel. */
export interface RecipeForm {
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly summary: string;
  readonly inputs: readonly InputField[];
  readonly parameters: readonly ParameterField[];
  /** Names of the volumes it makes, and what they hold. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface InputField {
  readonly name: string;
  readonly kind: 'volume' | 'half maps' | 'model';
  readonly required: boolean;
  readonly description: string;
}

export type ParameterField = {
  readonly name: string;
  readonly description: string;
  readonly unit: string | undefined;
  /** Undefined: the daemon works it out from the data. */
  readonly preset: unknown;
} & (
  | {
      readonly kind: 'number';
      readonly whole: boolean;
      readonly min: number | undefined;
      readonly max: number | undefined;
    }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'text' }
  /** `count` undefined: as many as one likes. */
  | { readonly kind: 'numbers'; readonly count: number | undefined }
);

/** The part of JSON Schema (2020-12) that descriptions of recipes use. */
interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface RecipeDocument {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly inputs: Schema;
  readonly parameters: Schema;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reads the recipes of an OpenRPC document of the daemon (`rpc.discover`). */
export function readRecipes(document: Readonly<Record<string, unknown>>): readonly RecipeForm[] {
  const described = (document['x-recipes'] ?? []) as readonly RecipeDocument[];
  return described.map(({ name, title, summary, inputs, parameters, outputs }) => ({
    ...{ name, title, summary, outputs },
    inputs: Object.entries(inputs.properties ?? {}).flatMap(([field, schema]) => readInput(field, schema, inputs)),
    parameters: Object.entries(parameters.properties ?? {}).flatMap(([field, schema]) => readParameter(field, schema)),
  }));
}

function readInput(name: string, schema: Schema, { required = [] }: Schema): InputField[] {
  const kind = inputKind(schema);
  if (kind === undefined) return [];
  return [{ name, kind, required: required.includes(name), description: schema.description ?? '' }];
}

function inputKind(schema: Schema): InputField['kind'] | undefined {
  if (schema.prefixItems?.length === 2) return 'half maps';
  const text = JSON.stringify(schema);
  if (text.includes('ModelReference') || text.includes('ModelId')) return 'model';
  return text.includes('VolumeId') ? 'volume' : undefined;
}

const isNumber = ({ type }: Schema): boolean => type === 'number' || type === 'integer';

function readParameter(name: string, schema: Schema): ParameterField[] {
  const { description = '', unit, default: preset, prefixItems } = schema;
  const common = { name, description, unit, preset };
  if (schema.enum !== undefined) return [{ ...common, kind: 'choice', choices: schema.enum }];
  if (prefixItems?.every(isNumber) === true) return [{ ...common, kind: 'numbers', count: prefixItems.length }];
  if (schema.type === 'array' && schema.items !== undefined && isNumber(schema.items))
    return [{ ...common, kind: 'numbers', count: undefined }];
  switch (schema.type) {
    case 'boolean':
      return [{ ...common, kind: 'switch' }];
    case 'string':
      return [{ ...common, kind: 'text' }];
    case 'number':
    case 'integer':
      return [
        {
          ...common,
          kind: 'number',
          whole: schema.type === 'integer',
          min: schema.minimum ?? schema.exclusiveMinimum,
          max: schema.maximum,
        },
      ];
    default:
      // A form that this panel cannot draw; the daemon's default holds.
      return [];
  }
}
