import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tokenMatches } from '../../daemon/dist/server/token.js';
import { testDaemon } from './helpers/daemon.js';
import { get, rawStatus, upgrade } from './helpers/http.js';

const page = 'https://molstar.example.org';

/** Host and Origin headers as sent, and whether they pass; P stands for the port. */
const places: readonly (readonly [headers: readonly string[], pass: boolean])[] = [
  [['Host: 127.0.0.1:P'], true],
  [['Host: localhost:P'], true],
  [['Host: [::1]:P'], true],
  [['host: 127.0.0.1:P', 'origin: http://127.0.0.1:P'], true],
  [['Host: localhost:P', 'Origin: http://localhost:P'], true],
  [['Host: 127.0.0.1:P', 'Origin: http://[::1]:P'], true],
  [['Host: 127.0.0.1:P', `Origin: ${page}`], true],
  [['Host: localhost.evil.com:P'], false],
  [['Host: 127.0.0.1.evil.com:P'], false],
  [['Host: LOCALHOST:P'], false],
  [['Host: localhost.:P'], false],
  [['Host: 127.0.0.1'], false],
  [['Host: 127.0.0.1:1'], false],
  [['Host: 0.0.0.0:P'], false],
  [['Host: 2130706433:P'], false],
  [['Host: 127.1:P'], false],
  [['Host: [::ffff:127.0.0.1]:P'], false],
  [['Host: ::1:P'], false],
  [['Host: [0:0:0:0:0:0:0:1]:P'], false],
  [['Host: '], false],
  [['Host: evil.com'], false],
  [['Host: user@127.0.0.1:P'], false],
  [['Host: 127.0.0.1:P', 'Origin: null'], false],
  [['Host: 127.0.0.1:P', 'Origin: '], false],
  [['Host: 127.0.0.1:P', 'Origin: file://'], false],
  [['Host: 127.0.0.1:P', 'Origin: http://evil.com'], false],
  [['Host: 127.0.0.1:P', 'Origin: https://127.0.0.1:P'], false],
  [['Host: 127.0.0.1:P', 'Origin: http://127.0.0.1'], false],
  [['Host: 127.0.0.1:P', 'Origin: http://127.0.0.1:P/'], false],
  [['Host: 127.0.0.1:P', 'Origin: http://localhost:P.evil.com'], false],
  [['Host: 127.0.0.1:P', `Origin: ${page}.evil.com`], false],
  [['Host: 127.0.0.1:P', `Origin: ${page}:8443`], false],
  [['Host: 127.0.0.1:P', 'Origin: https://evilmolstar.example.org'], false],
  [['Host: 127.0.0.1:P', 'Origin: http://127.0.0.1:P', 'Origin: http://evil.com'], false],
  [['Host: evil.com', 'Host: 127.0.0.1:P'], false],
  [['Host: 127.0.0.1:P', 'Host: evil.com'], false],
];

describe('Host and Origin', () => {
  it('are compared exactly, for HTTP and for the WebSocket', async () => {
    const { port, token } = await testDaemon({ origins: [page] });
    for (const [headers, pass] of places) {
      const sent = [...headers.map((line) => line.replaceAll(':P', `:${port}`)), `Authorization: Bearer ${token}`];
      const label = headers.join(' | ');
      // Two Host headers are refused by Node itself with 400.
      const refused = [400, 403];
      const http = await rawStatus(port, get('/volumes/vol-0000000000000000', ...sent));
      if (pass) expect(http, label).toBe(404);
      else expect(refused, `${label}: ${http}`).toContain(http);
      const socket = await rawStatus(port, upgrade('/rpc', ...sent));
      if (pass) expect(socket, label).toBe(101);
      else expect(refused, `${label}: ${socket}`).toContain(socket);
    }
  });

  it('are checked for the health page too', async () => {
    const { port } = await testDaemon();
    expect(await rawStatus(port, get('/healthz', `Host: 127.0.0.1:${port}`))).toBe(200);
    expect(await rawStatus(port, get('/healthz', 'Host: evil.com'))).toBe(403);
  });
});

describe('token', () => {
  it('is needed by everything but /healthz, and nothing else opens the door', async () => {
    const { port, token } = await testDaemon();
    const host = `Host: 127.0.0.1:${port}`;
    const wrong = [
      '',
      'Authorization: Bearer',
      `Authorization: Bearer ${token.slice(1)}`,
      `Authorization: Bearer ${token}0`,
    ];
    wrong.push(`Authorization: Bearer ${'f'.repeat(64)}`, `Authorization: Basic ${token}`, `X-Token: ${token}`);
    wrong.push(`Authorization: Bearer ${'a'.repeat(10_000)}`, `Sec-WebSocket-Protocol: ${token}`);
    for (const header of wrong) {
      const headers = header === '' ? [host] : [host, header];
      for (const path of ['/', '/volumes', '/volumes/vol-0000000000000000', `/volumes?token=${token}`])
        expect(await rawStatus(port, get(path, ...headers)), `${path} ${header}`).toBe(401);
      expect(await rawStatus(port, upgrade('/rpc', ...headers)), header).toBe(401);
      expect(await rawStatus(port, upgrade(`/rpc?token=${token}`, ...headers)), header).not.toBe(101);
    }
  });

  it('passes as a subprotocol, the only place where a browser can put it for a WebSocket', async () => {
    const { port, token } = await testDaemon();
    const offer = `Sec-WebSocket-Protocol: locscale.v1, locscale.token.${token}`;
    expect(await rawStatus(port, upgrade('/rpc', `Host: 127.0.0.1:${port}`, offer))).toBe(101);
  });

  it('is compared by digests of equal length', () => {
    expect(tokenMatches('abc', 'abc')).toBe(true);
    for (const other of ['', 'ab', 'abd', 'abcabc']) expect(tokenMatches('abc', other)).toBe(false);
  });

  it('is never in the log, whatever fails', async () => {
    const { port, token, daemon, client } = await testDaemon();
    await rawStatus(
      port,
      get(`/volumes/${token}?token=${token}`, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`),
    );
    await client.call('volume.open', { path: `/${token}` }).catch(() => undefined);
    await daemon.stop(0);
    expect(await readFile(daemon.paths.daemonLog, 'utf8')).not.toContain(token);
  });
});
