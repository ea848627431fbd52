import { defaultLimits } from '../limits.js';
import { bytes, table } from './markdown.js';

export function messagesSection(): string {
  return `## Messages

[JSON-RPC 2.0](https://www.jsonrpc.org/specification), one JSON text in one WebSocket text frame, UTF-8. What the specification
leaves open is decided so:

- **Ids** are strings, null, or integers up to 2^53 in size; they come back as they were sent. Fractional numbers, larger ones
  (they would lose digits: 2^53 + 1 already reads as 2^53), booleans, objects and arrays are refused with -32600 and id null.
- **An id that is still unanswered** on the same connection cannot be used again: -32600, under id null so that it is not taken for
  the answer to the first call. The id in question is in \`data.details.id\`. \`1\` and \`"1"\` are different ids; any number of calls
  may use null, though their answers cannot be told apart.
- **An invalid request that has a readable id** is answered under that id; without one, under id null.
- **Parameters** go by name (an object) or by position (an array, in the order of the tables below; the last ones may be left out).
  Unknown names, missing names and wrong types are refused with -32602; \`data.details.issues\` lists up to ten faults.
- **Calls run side by side**; answers come in the order in which they are ready. The messages of a batch start in their order, and
  one answer, an array, comes when all are ready: an array of one for a batch of one, nothing for a batch of notifications.
- **Duplicate keys** in an object: the last one counts. **Members that the specification does not know** are ignored in the
  message itself, refused in \`params\`. A **byte order mark** is not JSON. **1e999** reads as infinity and fits no parameter.
- **Notifications** from clients are run and never answered, whatever becomes of them.
- **Frames**: binary frames end the connection (1003), invalid UTF-8 too (1007), and frames over the limit (1009). Two JSON texts
  in one frame are one text that is not JSON.
- Method names that start with \`rpc.\` are reserved; \`rpc.discover\` is the only one.

### Limits

[\`session.hello\`](#sessionhello) tells the limits in force; these are the defaults.

${limitTable()}
`.trimEnd();
}

function limitTable(): string {
  const l = defaultLimits;
  return table(
    ['limit', 'default', 'beyond it'],
    [
      ['control message', bytes(l.messageBytes), 'close code 1009'],
      ['nesting of a control message', `${l.messageDepth} levels`, '-32600'],
      ['messages in a batch', String(l.batchLength), 'one error, `limit.size`'],
      ['unanswered calls of a connection', String(l.callsInFlight), '`limit.busy`; a notification is ignored'],
      ['WebSocket connections', String(l.sockets), 'HTTP 503, `limit.busy`'],
      ['upload', `${bytes(l.uploadBytes)} of voxels`, 'HTTP 413, `limit.size`'],
      ['upload of a model', bytes(l.modelBytes), 'HTTP 413, `limit.size`'],
      ['unsent bytes of a connection', bytes(l.sendHighWaterBytes), 'progress is thinned out, newest wins'],
      [
        'unsent bytes of a connection',
        bytes(l.sendOverflowBytes),
        'the connection is dropped; reconnect and ask `job.events`',
      ],
    ],
  );
}
