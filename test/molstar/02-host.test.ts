import { readFileSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { testDaemon } from '../daemon/helpers/daemon.js';
import { chromiumPath, launch, without } from './helpers/chromium.js';
import { folderOfFile } from './helpers/files.js';
import { newContext } from './helpers/viewer.js';

const example = fileURLToPath(new URL('../../examples/molstar/', import.meta.url));
/** The address that stands in the example. */
const exampleUrl = 'http://127.0.0.1:8790';

it('the example adds LocScale to a stock viewer in less than twenty lines', () => {
  const lines = readFileSync(join(example, 'host.ts'), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThan(20);
  expect(lines.join('\n')).toContain(exampleUrl);
});

it.skipIf(chromiumPath === undefined)(`the example works from a page of its own (${without})`, async () => {
  const folder = await folderOfFile();
  const server = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1);
    const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
    readFile(join(folder, name)).then(
      (bytes) => response.setHeader('Content-Type', types[name.split('.').at(-1) ?? ''] ?? 'text/plain').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const daemon = await testDaemon({ origins: [origin] });

  const source = await readFile(join(example, 'dist', 'host.js'), 'utf8');
  await build({
    stdin: { contents: source.replace(exampleUrl, daemon.url), resolveDir: example },
    bundle: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['fs', 'path', 'crypto'],
    outfile: join(folder, 'host.js'),
    logLevel: 'error',
  });
  await copyFile(join(example, 'index.html'), join(folder, 'index.html'));
  await writeFile(join(folder, 'host.css'), '');

  const browser = await launch();
  onTestFinished(() => browser.close());
  const page = await (await newContext(browser)).newPage();
  page.on('dialog', (dialog) => void dialog.accept(daemon.token));
  await page.goto(origin, { waitUntil: 'commit' });
  await page.locator('.locscale-sharpen').waitFor();
  expect(await page.locator('[data-name="path"]').isEnabled()).toBe(true);
  expect(await page.locator('select option').allInnerTexts()).toContain('No reference');
});
