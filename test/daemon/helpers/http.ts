import { connect } from 'node:net';

/** Sends bytes as they are and returns the status line's number, 0 when the connection ended without one. */
export function rawStatus(port: number, lines: readonly string[], host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write([...lines, '', ''].join('\r\n')));
    let text = '';
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => {
      text += data.toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      if (status === undefined) return;
      socket.destroy();
      resolve(Number(status));
    });
    socket.on('end', () => resolve(0));
    socket.on('error', reject);
  });
}

/** A request without body. */
export const get = (path: string, ...headers: string[]): string[] => [`GET ${path} HTTP/1.1`, ...headers];

/** A WebSocket handshake. */
export const upgrade = (path: string, ...headers: string[]): string[] => [
  `GET ${path} HTTP/1.1`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ...headers,
];
