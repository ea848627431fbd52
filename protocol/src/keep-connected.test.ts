import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RpcClient } from './client.js';
import { LocScaleError } from './errors.js';
import { keepConnected } from './keep-connected.js';
import type { CloseReason } from './transport.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection that a test can cut. */
function connection(): { readonly client: RpcClient; readonly cut: () => void; readonly closed: () => boolean } {
  let onClose: (reason: CloseReason) => void = () => undefined;
  let closed = false;
  const client = new RpcClient({
    send: () => undefined,
    onMessage: () => undefined,
    onClose: (listener) => (onClose = listener),
    close: () => (closed = true),
  });
  return { client, cut: () => onClose({ code: 1006, reason: 'the connection broke' }), closed: () => closed };
}

const down = new LocScaleError('connection.refused', 'Nobody answers.');

it('connects again after a loss, waiting longer each time, and tells of the loss once', async () => {
  const [first, second] = [connection(), connection()];
  const connect = vi.fn<() => Promise<RpcClient>>().mockResolvedValueOnce(first.client);
  const [connected, lost]: [RpcClient[], string[]] = [[], []];
  keepConnected({
    connect,
    onConnected: (client) => void connected.push(client),
    onLost: ({ kind }) => lost.push(kind),
    pausesMs: [100, 400],
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(connected).toEqual([first.client]);

  connect.mockRejectedValueOnce(down).mockRejectedValueOnce(down).mockResolvedValueOnce(second.client);
  first.cut();
  await vi.advanceTimersByTimeAsync(99);
  expect(connect).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(connect).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(400);
  expect(connect).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(400);
  expect(connected).toEqual([first.client, second.client]);
  expect(lost).toEqual(['connection.closed']);

  connect.mockResolvedValue(connection().client);
  second.cut();
  await vi.advanceTimersByTimeAsync(100);
  expect(lost).toHaveLength(2);
  expect(connect).toHaveBeenCalledTimes(5);
});

it('takes a greeting that fails for a failed connection', async () => {
  const { client, closed } = connection();
  const lost: string[] = [];
  const connect = vi.fn().mockResolvedValue(client);
  keepConnected({
    connect,
    onConnected: () => Promise.reject(new Error('no hello')),
    onLost: ({ message }) => lost.push(message),
    pausesMs: [100],
  });
  await vi.advanceTimersByTimeAsync(150);
  expect(closed()).toBe(true);
  expect(lost).toEqual(['The connection failed (no hello); it is tried again.']);
  expect(connect).toHaveBeenCalledTimes(2);
});

it('gives up when access is refused', async () => {
  const connect = vi.fn().mockRejectedValue(new LocScaleError('access.denied', 'Open the page again.'));
  const refused: string[] = [];
  keepConnected({ connect, onConnected: () => undefined, onRefused: ({ message }) => refused.push(message) });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connect).toHaveBeenCalledTimes(1);
  expect(refused).toEqual(['Open the page again.']);
});

it('ends when it is told to, also while it connects', async () => {
  const { client, closed } = connection();
  const onConnected = vi.fn();
  const stop = keepConnected({ connect: () => Promise.resolve(client), onConnected });
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(onConnected).not.toHaveBeenCalled();
  expect(closed()).toBe(true);
});
