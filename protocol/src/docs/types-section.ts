import { errorTable, type ErrorKind } from '../errors.js';
import { httpStatus } from '../http.js';
import { commonErrors } from '../openrpc.js';
import { errorDataSchema } from '../envelope/wire-error.js';
import { code, table } from './markdown.js';
import { memberTable, schemaOf, typeText, type JsonSchema, type SharedSchemas } from './schema-text.js';

/** The named types that the other sections refer to; call it last, when `shared` holds them all. */
export function typesSection(shared: SharedSchemas): string {
  const names = Object.keys(shared).sort();
  return ['## Types', ...names.map((name) => typeSection(name, shared[name] ?? {}, shared))].join('\n\n');
}

export function errorsSection(shared: SharedSchemas): string {
  const rows = (Object.keys(errorTable) as ErrorKind[]).map((kind) => [
    code(kind),
    String(errorTable[kind].code),
    kind.startsWith('connection.') ? '–' : String(httpStatus(kind)),
    errorTable[kind].summary,
  ]);
  const common = commonErrors.map(code).join(', ');
  return `## Errors

An error has a \`code\`, a \`message\` (one sentence for people: value seen, value expected, next step) and \`data\`. Programs branch on
\`data.kind\`, which never changes its meaning; messages may be reworded. Codes -32700 to -32603 are those of JSON-RPC 2.0, 1000 to
1999 are the daemon's own. Any call can be answered with ${common}; each method lists the others it can answer with.

\`data\` is

${memberTable(schemaOf(errorDataSchema, 'output', shared), 'output', shared)}

${table(['kind', 'code', 'HTTP status', 'meaning'], rows)}`;
}

function typeSection(name: string, schema: JsonSchema, shared: SharedSchemas): string {
  const parts = [`### ${name}`];
  if (schema.description !== undefined) parts.push(schema.description);
  parts.push(schema.properties === undefined ? typeSentence(schema) : memberTable(schema, 'output', shared));
  return parts.join('\n\n');
}

function typeSentence(schema: JsonSchema): string {
  const pattern = schema.pattern === undefined ? '' : ` that matches ${code(schema.pattern)}`;
  return `Type: ${typeText(schema)}${pattern}.`;
}
