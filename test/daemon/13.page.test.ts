import { readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { dirname, join } from 'node:path';
import { openPageSession } from '@chimerax-like/rpc';
import { connect } from '@locscale/molstar';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { kindOf, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { get, rawStatus, upgrade } from './helpers/http.js';
import { BrowserTab, builtPage, script, scriptName } from './helpers/page.js';

/** Opens the page of the daemon in a new tab, as `locscale view` does. */
async function openTab({ client, url }: TestDaemon): Promise<{ readonly tab: BrowserTab; readonly key: string }> {
  const tab = new BrowserTab(url);
  tab.go((await client.call('viewer.page')).url);
  return { tab, key: await openPageSession(tab) };
}

describe('files of the page', () => {
  it('come with their types, a policy that lets nothing in from elsewhere, and names that browsers may keep', async () => {
    const { url } = await testDaemon({ pageFolder: await builtPage() });
    const page = await fetch(`${url}/view/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain(scriptName);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", `connect-src 'self' ws:`])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const code = await fetch(`${url}/view/${scriptName}`);
    expect(code.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(code.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await code.text()).toBe(script);
  });

  it('are sent compressed when the build did so and the browser takes it', async () => {
    const { url } = await testDaemon({ pageFolder: await builtPage() });
    for (const [accept, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['identity', null],
    ] as const) {
      const response = await fetch(`${url}/view/${scriptName}`, { headers: { 'accept-encoding': accept } });
      expect(response.headers.get('content-encoding'), accept).toBe(encoding);
      expect(response.headers.get('vary')).toContain('Accept-Encoding');
      expect(await response.text(), accept).toBe(script);
    }
  });

  it('are not sent again to who has them, and can be asked for by HEAD', async () => {
    const { url } = await testDaemon({ pageFolder: await builtPage() });
    const first = await fetch(`${url}/view/`);
    const again = await fetch(`${url}/view/`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await fetch(`${url}/view/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${url}/view`, { redirect: 'manual' })).headers.get('location')).toBe('/view/');
    expect((await fetch(`${url}/view/`, { method: 'POST' })).status).toBe(404);
  });

  it('lie in the folder of the page and nowhere else', async () => {
    const folder = await builtPage();
    const secret = join(dirname(folder), 'secret.json');
    await writeFile(secret, 'secret');
    await writeFile(join(folder, '.hidden.json'), 'secret');
    await writeFile(join(folder, 'program.sh'), 'secret');
    await symlink(secret, join(folder, 'link.json'));
    const { port } = await testDaemon({ pageFolder: folder });
    const host = `Host: 127.0.0.1:${port}`;
    const paths = [
      '../secret.json',
      '%2e%2e/secret.json',
      '..%2fsecret.json',
      '%2e%2e%2fsecret.json',
      '..\\secret.json',
    ];
    paths.push('assets/../../secret.json', './/secret.json', '/secret.json', 'link.json', '.hidden.json', 'program.sh');
    paths.push(
      'assets',
      'assets/',
      'index.html%00.js',
      'index.html/',
      `${folder}/index.html`,
      'assets//x.js',
      'a'.repeat(5000),
    );
    for (const path of paths) {
      const status = await rawStatus(port, get(`/view/${path}`, host));
      // 401: Node resolved the dots, and what is outside of /view wants the token.
      expect([401, 404], `${path}: ${status}`).toContain(status);
    }
  });

  it('that are not built are said to be missing, with what to run', async () => {
    const { client } = await testDaemon({ pageFolder: await scratchFolder() });
    await expect(client.call('viewer.page')).rejects.toMatchObject({
      kind: 'input.missing',
      message: expect.stringContaining('npm run setup') as string,
    });
  });
});

describe('signing in', () => {
  it('takes the code out of the address and gives a key that works with its cookie', async () => {
    const daemon = await testDaemon({ pageFolder: await builtPage() });
    const { tab, key } = await openTab(daemon);
    expect(tab.location.hash).toBe('');
    expect(key).not.toBe(daemon.token);
    const volume = `${daemon.url}/volumes/vol-0000000000000000`;
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(volume, { headers })).status;
    const authorization = `Bearer ${key}`;
    expect(await status({ authorization, cookie: tab.cookie })).toBe(404);
    expect(await status({ authorization })).toBe(401);
    expect(await status({ cookie: tab.cookie })).toBe(401);
    expect(await status({ authorization, cookie: tab.cookie.replace(/.$/, 'x') })).toBe(401);
    const host = `Host: 127.0.0.1:${daemon.port}`;
    const offer = `Sec-WebSocket-Protocol: locscale.v1, locscale.token.${key}`;
    expect(await rawStatus(daemon.port, upgrade('/rpc', host, offer, `Cookie: ${tab.cookie}`))).toBe(101);
    expect(await rawStatus(daemon.port, upgrade('/rpc', host, offer))).toBe(401);
  });

  it('sets a cookie that scripts and other sites do not get', async () => {
    const { client, url } = await testDaemon({ pageFolder: await builtPage() });
    const code = new URL((await client.call('viewer.page')).url).hash.slice('#code='.length);
    const response = await fetch(`${url}/view/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(response.headers.get('set-cookie')).toMatch(
      /^locscale-\d+=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('works once, also when the address is opened from the history, and leaves the rest of the fragment', async () => {
    const daemon = await testDaemon({ pageFolder: await builtPage() });
    const { url } = await daemon.client.call('viewer.page');
    const [first, second] = [new BrowserTab(daemon.url), new BrowserTab(daemon.url)];
    first.go(`${url}&map=vol-0000000000000001`);
    await openPageSession(first);
    expect(first.location.hash).toBe('#map=vol-0000000000000001');
    second.go(url);
    await expect(openPageSession(second)).rejects.toMatchObject({
      kind: 'access.denied',
      message: expect.stringContaining('used before or has run out') as string,
    });
  });

  it('is kept by a reload, and by another tab of the browser', async () => {
    const daemon = await testDaemon({ pageFolder: await builtPage() });
    const { tab, key } = await openTab(daemon);
    tab.go('/view/');
    expect(await openPageSession(tab)).toBe(key);
    expect(await kindOf(openPageSession(new BrowserTab(daemon.url)))).toBe('access.denied');
  });

  it('refuses pages of strangers, forms, and long bodies', async () => {
    const { client, url } = await testDaemon({ pageFolder: await builtPage() });
    const code = new URL((await client.call('viewer.page')).url).hash.slice('#code='.length);
    const post = async (headers: Record<string, string>, body: string): Promise<number> =>
      (await fetch(`${url}/view/session`, { method: 'POST', headers, body })).status;
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ code });
    expect(await post({ ...json, origin: 'http://evil.com' }, body)).toBe(403);
    expect(await post({ 'content-type': 'text/plain' }, body)).toBe(415);
    expect(await post(json, '{"code":7}')).toBe(400);
    expect(await post(json, 'no json')).toBe(400);
    expect(await post(json, JSON.stringify({ code: 'x'.repeat(5000) }))).toBe(413);
    expect(await post(json, body)).toBe(200);
  });

  it('by a file keeps the code out of the list of processes; the file goes with the code', async () => {
    const daemon = await testDaemon({ pageFolder: await builtPage() });
    const { url, file } = await daemon.client.call('viewer.page');
    expect((await stat(file ?? '')).mode & 0o777).toBe(0o600);
    expect(await readFile(file ?? '', 'utf8')).toContain(`url=${url}"`);
    const tab = new BrowserTab(daemon.url);
    tab.go(url);
    await openPageSession(tab);
    await vi.waitFor(() => expect(stat(file ?? '')).rejects.toMatchObject({ code: 'ENOENT' }));
    const other = await daemon.client.call('viewer.page');
    await daemon.daemon.stop(0);
    await vi.waitFor(() => expect(stat(other.file ?? '')).rejects.toMatchObject({ code: 'ENOENT' }));
  });

  it('leaves no secret in the log', async () => {
    const daemon = await testDaemon({ pageFolder: await builtPage() });
    const { url } = await daemon.client.call('viewer.page');
    const { tab, key } = await openTab(daemon);
    await fetch(`${daemon.url}/view/session?nonce=${key}`);
    await daemon.daemon.stop(0);
    const log = await readFile(daemon.daemon.paths.daemonLog, 'utf8');
    for (const secret of [key, tab.cookie.split('=')[1] ?? '', new URL(url).hash.slice('#code='.length)])
      expect(log).not.toContain(secret);
  });
});

describe('a daemon that was started again', () => {
  it('has its old port and knows its pages', async () => {
    const [home, pageFolder] = [await scratchFolder(), await builtPage()];
    const before = await testDaemon({ home, pageFolder });
    const { tab, key } = await openTab(before);
    await before.daemon.stop(0);
    expect(await kindOf(openPageSession(tab))).toBe('connection.refused');
    const after = await testDaemon({ home, pageFolder });
    expect(after.url).toBe(before.url);
    expect(await openPageSession(tab)).toBe(key);
    class PageWebSocket extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { cookie: tab.cookie, origin: tab.origin } });
        this.on('error', () => undefined);
      }
    }
    vi.stubGlobal('WebSocket', PageWebSocket);
    onTestFinished(() => void vi.unstubAllGlobals());
    const client = await connect(tab.origin, key);
    expect(await client.call('viewer.get')).toEqual({ revision: 0, maps: [] });
    client.close();
  });

  it('on another port forgets its pages, for somebody else may have heard their keys', async () => {
    const [home, pageFolder] = [await scratchFolder(), await builtPage()];
    const before = await testDaemon({ home, pageFolder });
    const { tab, key } = await openTab(before);
    await before.daemon.stop(0);
    const heard: IncomingHttpHeaders[] = [];
    const stranger = createServer((request, response) => {
      heard.push(request.headers);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ proof: 'f'.repeat(64) }));
    });
    await new Promise<void>((resolve) => stranger.listen(before.port, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const after = await testDaemon({ home, pageFolder });
    expect(after.port).not.toBe(before.port);

    expect(await kindOf(openPageSession(tab))).toBe('access.denied');
    expect(heard).toHaveLength(1);
    expect(JSON.stringify(heard)).not.toContain(key);
    const headers = { authorization: `Bearer ${key}`, cookie: tab.cookie.replace(/^[^=]+/, `locscale-${after.port}`) };
    expect((await fetch(`${after.url}/volumes/vol-0000000000000000`, { headers })).status).toBe(401);
  });

  it('takes any port when the file of the old one is damaged', async () => {
    const home = await scratchFolder();
    const { daemon } = await testDaemon({ home });
    await daemon.stop(0);
    await unlink(daemon.paths.portFile);
    await writeFile(daemon.paths.portFile, '80 nonsense');
    await testDaemon({ home });
  });
});
