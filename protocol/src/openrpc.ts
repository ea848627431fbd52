import { z } from 'zod';
import type { MethodDescriptor } from './descriptor.js';
import { errorTable, type ErrorKind } from './errors.js';
import { apiVersion, methods, notifications } from './methods/index.js';
import { recipes } from './recipes/index.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Kinds that any call can be answered with, besides those its descriptor names. */
export const commonErrors: readonly ErrorKind[] = [
  'rpc.parse',
  'rpc.invalid-request',
  'rpc.unknown-method',
  'rpc.invalid-params',
  'rpc.internal',
  'limit.size',
  'limit.busy',
];

/**
 * The OpenRPC 1.3 document, from the descriptors that the validator uses. Notifications of the daemon have no place in
 * OpenRPC; they stand in `x-notifications`, and the recipes that `job.submit` runs in `x-recipes`.
 */
export function openRpcDocument(): JsonObject {
  const schemas: Record<string, unknown> = {};
  const described = methods.map((m) => describeMethod(m, schemas));
  const announced = notifications.map((n) => ({
    name: n.name,
    summary: n.summary,
    'x-delivery': n.latestOf === undefined ? 'never dropped' : `newest of each ${n.latestOf}`,
    params: jsonSchema(n.params, 'output', schemas),
  }));
  return {
    openrpc: '1.3.2',
    info: {
      title: 'LocScale daemon',
      version: apiVersion,
      description: 'JSON-RPC 2.0 in text frames over a WebSocket at /rpc; see docs/protocol.md.',
      license: { name: 'Apache-2.0' },
    },
    methods: described,
    'x-notifications': announced,
    'x-recipes': Object.values(recipes).map((r) => ({
      name: r.name,
      title: r.title,
      summary: r.summary,
      inputs: jsonSchema(r.inputs, 'input', schemas),
      parameters: jsonSchema(r.parameters, 'input', schemas),
      outputs: r.outputs,
    })),
    components: {
      schemas,
      errors: Object.fromEntries(
        Object.entries(errorTable).map(([kind, row]) => [
          kind,
          { code: row.code, message: row.summary, data: { kind, details: {} } },
        ]),
      ),
    },
  };
}

/**
 * JSON Schema (2020-12) of what a caller writes (`input`: members with a default are optional) or receives (`output`).
 * Schemas with a name of their own go to `shared` and are referred to as `#/components/schemas/NAME`.
 */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output', shared: Record<string, unknown>): JsonObject {
  const { $defs, ...rest } = z.toJSONSchema(schema, { io });
  for (const [name, definition] of Object.entries($defs ?? {})) shared[name] = tidy(definition);
  return tidy(rest) as JsonObject;
}

function describeMethod(method: MethodDescriptor, shared: Record<string, unknown>): JsonObject {
  const schema = jsonSchema(method.params, 'input', shared);
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const properties = Object.entries((schema['properties'] ?? {}) as JsonObject);
  return {
    name: method.name,
    summary: method.summary,
    paramStructure: 'either',
    params: properties.map(([name, property]) => ({ name, required: required.has(name), schema: property })),
    result: { name: 'result', schema: jsonSchema(method.result, 'output', shared) },
    errors: [...method.errors, ...commonErrors].map((kind) => ({ $ref: `#/components/errors/${kind}` })),
  };
}

/** Points references at the shared schemas and leaves out what says nothing: dialect, names as ids, the range of a double. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
      if (key === '$schema' || (key === 'id' && typeof member === 'string')) return [];
      if ((key === 'minimum' || key === 'maximum') && Math.abs(Number(member)) === Number.MAX_SAFE_INTEGER) return [];
      if (key === '$ref' && typeof member === 'string')
        return [[key, member.replace('#/$defs/', '#/components/schemas/')]];
      return [[key, tidy(member)]];
    }),
  );
}
