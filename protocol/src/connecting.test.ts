import { expect, test } from 'vitest';
import { selectSubprotocol, subprotocol, tokenFromSubprotocols, tokenSubprotocol, webSocketUrl } from './connecting.js';

test.each([
  ['http://127.0.0.1:5000', 'ws://127.0.0.1:5000/rpc'],
  ['http://127.0.0.1:5000/', 'ws://127.0.0.1:5000/rpc'],
  ['https://localhost:5000', 'wss://localhost:5000/rpc'],
  ['ws://[::1]:5000/rpc', 'ws://[::1]:5000/rpc'],
])('%s has its WebSocket at %s', (url, expected) => expect(webSocketUrl(url)).toBe(expected));

test('the token is found among the subprotocols, and the other entry is selected', () => {
  const offered = new Set([tokenSubprotocol('abc123'), subprotocol]);
  expect(tokenFromSubprotocols(offered)).toBe('abc123');
  expect(selectSubprotocol(offered)).toBe(subprotocol);
});

test('a client that offers only the token is answered with it; one that offers neither, with nothing', () => {
  expect(selectSubprotocol(new Set([tokenSubprotocol('abc')]))).toBe('locscale.token.abc');
  expect(selectSubprotocol(new Set(['chat']))).toBe(false);
  expect(tokenFromSubprotocols(['chat'])).toBeUndefined();
});
