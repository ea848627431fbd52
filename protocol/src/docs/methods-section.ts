import type { MethodDescriptor, NotificationDescriptor } from '../descriptor.js';
import { methods, notifications } from '../methods/index.js';
import { parameterNames } from '../params.js';
import { anchor, code } from './markdown.js';
import { memberTable, schemaOf, typeText, type JsonSchema, type SharedSchemas } from './schema-text.js';

export function methodsSection(shared: SharedSchemas): string {
  const list = methods.map((m) => `- [${code(m.name)}](#${anchor(m.name)}): ${m.summary}`).join('\n');
  return ['## Methods', list, ...methods.map((m) => methodText(m, shared))].join('\n\n');
}

export function notificationsSection(shared: SharedSchemas): string {
  const intro =
    'The daemon sends these to every open connection, without being asked and without an `id`. Those that say so are ' +
    'thinned out for a slow reader; all others arrive, in order.';
  return ['## Notifications', intro, ...notifications.map((n) => notificationText(n, shared))].join('\n\n');
}

function methodText(method: MethodDescriptor, shared: SharedSchemas): string {
  const params = schemaOf(method.params, 'input', shared);
  const names = parameterNames(method);
  const errors = method.errors.map((kind) => `[${code(kind)}](#errors)`).join(', ');
  return [
    `### ${method.name}`,
    method.summary,
    names.length === 0
      ? 'Parameters: none.'
      : `Parameters${names.length > 1 ? ', in the order they take by position' : ''}:`,
    ...(names.length === 0 ? [] : [memberTable(params, 'input', shared)]),
    resultText(schemaOf(method.result, 'output', shared), shared),
    errors === '' ? 'Errors: only the common ones.' : `Errors: ${errors}.`,
  ].join('\n\n');
}

function resultText(schema: JsonSchema, shared: SharedSchemas): string {
  const members = schema.type === 'array' && schema.items ? schema.items : schema;
  const what =
    members.properties === undefined ? typeText(schema) : schema.type === 'array' ? 'array of objects' : 'object';
  return members.properties === undefined
    ? `Result: ${what}.`
    : `Result: ${what} with\n\n${memberTable(members, 'output', shared)}`;
}

function notificationText(notification: NotificationDescriptor, shared: SharedSchemas): string {
  const delivery =
    notification.latestOf === undefined
      ? 'Never dropped.'
      : `For a slow reader only the newest of each \`${notification.latestOf}\` is kept.`;
  return [
    `### ${notification.name}`,
    `${notification.summary} ${delivery}`,
    'Payload (`params`):',
    memberTable(schemaOf(notification.params, 'output', shared), 'output', shared),
  ].join('\n\n');
}
