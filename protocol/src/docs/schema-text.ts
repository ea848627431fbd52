import type { z } from 'zod';
import { jsonSchema } from '../openrpc.js';
import { anchor, code, table } from './markdown.js';

/** The parts of JSON Schema that our schemas use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly unit?: string;
  readonly cli?: string;
}

export type SharedSchemas = Record<string, JsonSchema>;

export function schemaOf(schema: z.ZodType, io: 'input' | 'output', shared: SharedSchemas): JsonSchema {
  return jsonSchema(schema, io, shared);
}

/** What a value may be, in a few words: `integer, 4 to 128`, `array of Volume`. Named types become links. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return typeLink(typeName(schema.$ref));
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeText).join(', ')}]`;
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any']);
  return types.map((type) => plainType(type, schema)).join(' or ');
}

/**
 * The members of an object as a table; members of members stand below them with dotted names. In what the daemon sends
 * (`output`) every member is there, so the column of defaults is empty and falls away.
 */
export function memberTable(schema: JsonSchema, io: 'input' | 'output', shared: SharedSchemas): string {
  return table(['name', 'type', 'default', 'unit', 'command line', 'meaning'], memberRows(schema, io, shared, ''));
}

function typeName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function typeLink(name: string): string {
  return `[${name}](#${anchor(name)})`;
}

function plainType(type: string, schema: JsonSchema): string {
  if (type === 'array') return schema.items ? `array of ${typeText(schema.items)}` : 'array';
  if (type === 'object') {
    const values = schema.additionalProperties;
    if (typeof values !== 'object') return 'object';
    return Object.keys(values).length === 0 ? 'object of any values' : `object of ${typeText(values)}`;
  }
  return [type, range(schema)].filter((part) => part !== '').join(' ');
}

function range(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, maxLength } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `≥ ${minimum}`;
  if (exclusiveMinimum !== undefined) return `> ${exclusiveMinimum}`;
  return maxLength === undefined ? '' : `(at most ${maxLength} characters)`;
}

function memberRows(
  schema: JsonSchema,
  io: 'input' | 'output',
  shared: SharedSchemas,
  prefix: string,
): readonly (readonly string[])[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const { meaning, fallback } = splitDefault(member.description ?? descriptionOfType(member, shared));
    const row = [
      code(`${prefix}${name}`),
      typeText(member),
      io === 'output' ? '' : required.has(name) ? 'required' : defaultText(member, fallback),
      member.unit ?? '',
      member.cli === undefined ? '' : code(member.cli),
      meaning,
    ];
    return [row, ...memberRows(member, io, shared, `${prefix}${name}.`)];
  });
}

function defaultText(member: JsonSchema, fallback: string): string {
  if (member.default !== undefined) return code(JSON.stringify(member.default));
  return fallback === '' ? 'optional' : fallback;
}

/** The description of the named type, for a member that has none of its own. */
function descriptionOfType(member: JsonSchema, shared: SharedSchemas): string {
  return member.$ref === undefined ? '' : (shared[typeName(member.$ref)]?.description ?? '');
}

/** `Default: ….` at the end of a description belongs in the column of defaults. */
function splitDefault(description: string): { readonly meaning: string; readonly fallback: string } {
  const found = /^(.*?)\s*Default: (.*)\.$/.exec(description);
  return found === null
    ? { meaning: description, fallback: '' }
    : { meaning: found[1] ?? '', fallback: found[2] ?? '' };
}
