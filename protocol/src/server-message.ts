import { z } from 'zod';
import type { WireError } from './envelope/index.js';

/** One message of the daemon, as the client reads it. */
export type ServerMessage =
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: unknown; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: unknown; readonly error: WireError }
  | { readonly kind: 'unreadable'; readonly what: string };

// Loose on purpose: unknown members belong to newer minor versions.
const notificationSchema = z.object({ jsonrpc: z.literal('2.0'), method: z.string(), params: z.unknown() });
const resultSchema = z.object({ jsonrpc: z.literal('2.0'), id: z.unknown(), result: z.unknown() });
const wireErrorSchema = z.object({ code: z.number(), message: z.string(), data: z.unknown() });
const errorResponseSchema = z.object({ jsonrpc: z.literal('2.0'), id: z.unknown(), error: wireErrorSchema });

export function readServerText(text: string): readonly ServerMessage[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ kind: 'unreadable', what: 'a text that is not JSON' }];
  }
  return Array.isArray(value) ? value.map(readMessage) : [readMessage(value)];
}

function readMessage(value: unknown): ServerMessage {
  const error = errorResponseSchema.safeParse(value);
  if (error.success) return { kind: 'error', id: error.data.id, error: error.data.error };
  const notification = notificationSchema.safeParse(value);
  if (notification.success) {
    return { kind: 'notification', method: notification.data.method, params: notification.data.params };
  }
  const result = resultSchema.safeParse(value);
  if (result.success && typeof value === 'object' && value !== null && 'result' in value) {
    return { kind: 'result', id: result.data.id, result: result.data.result };
  }
  return { kind: 'unreadable', what: 'a message that is neither an answer nor a notification' };
}
