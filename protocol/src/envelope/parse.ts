import { LocScaleError } from '../errors.js';
import type { Limits } from '../limits.js';
import { exceedsBytes, jsonDepth, quote } from './text.js';
import { isWireId, type WireId } from './wire.js';

/** One message of a client, judged by section 4 of the specification. */
export type Incoming =
  | { readonly kind: 'call'; readonly id: WireId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'invalid'; readonly id: WireId; readonly error: LocScaleError };

export type ParsedText =
  | { readonly kind: 'single'; readonly message: Incoming }
  | { readonly kind: 'batch'; readonly messages: readonly Incoming[] }
  | { readonly kind: 'refused'; readonly error: LocScaleError };

/** Size check, parse, depth check, classification. Nothing from the text reaches a handler before this. */
export function parseText(
  text: string,
  limits: Pick<Limits, 'messageBytes' | 'messageDepth' | 'batchLength'>,
): ParsedText {
  if (exceedsBytes(text, limits.messageBytes)) {
    return refused(
      'limit.size',
      `The message is longer than the ${limits.messageBytes} bytes allowed; send voxels by HTTP and split long batches.`,
      { limit: limits.messageBytes },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('rpc.parse', 'Parse error: the text is not JSON; send one JSON-RPC 2.0 object or array a message.');
  }
  const depth = jsonDepth(text);
  if (depth > limits.messageDepth) {
    return refused(
      'rpc.invalid-request',
      `Invalid Request: the message nests ${depth} deep; at most ${limits.messageDepth} levels are read.`,
    );
  }
  if (!Array.isArray(value)) return { kind: 'single', message: classify(value) };
  if (value.length === 0) {
    return refused('rpc.invalid-request', 'Invalid Request: the batch is empty; send at least one request in it.');
  }
  if (value.length > limits.batchLength) {
    return refused(
      'limit.size',
      `The batch holds ${value.length} messages, at most ${limits.batchLength} are allowed; split it.`,
      { seen: value.length, limit: limits.batchLength },
    );
  }
  return { kind: 'batch', messages: value.map(classify) };
}

function classify(value: unknown): Incoming {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid(null, `the message is ${quote(value)}, not an object`);
  }
  const member = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  const hasId = Object.hasOwn(value, 'id');
  const id = member('id');
  if (hasId && !isWireId(id)) {
    return invalid(null, `the id is ${quote(id)}; ids are strings, integers up to 2^53 in size, or null`);
  }
  // Whatever else is wrong, a readable id is given back so that the caller knows which request was refused.
  const replyTo = hasId && isWireId(id) ? id : null;
  const method = member('method');
  const params = member('params');
  if (member('jsonrpc') !== '2.0') return invalid(replyTo, `jsonrpc is ${quote(member('jsonrpc'))}, not "2.0"`);
  if (typeof method !== 'string') return invalid(replyTo, `the method is ${quote(method)}, not a string`);
  if (Object.hasOwn(value, 'params') && (typeof params !== 'object' || params === null)) {
    return invalid(replyTo, `params is ${quote(params)}, not an object or array`);
  }
  return hasId ? { kind: 'call', id: replyTo, method, params } : { kind: 'notification', method, params };
}

function invalid(id: WireId, what: string): Incoming {
  return { kind: 'invalid', id, error: new LocScaleError('rpc.invalid-request', `Invalid Request: ${what}.`) };
}

function refused(...args: ConstructorParameters<typeof LocScaleError>): ParsedText {
  return { kind: 'refused', error: new LocScaleError(...args) };
}
