import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { PageWindow } from '@chimerax-like/rpc';
import { scratchFolder } from './daemon.js';

export const script = `console.log(${JSON.stringify('page '.repeat(500))});\n`;
export const scriptName = 'assets/index-BqW3x9Zk.js';

/** A small built page with a script that has compressed copies, as the build makes them. */
export async function builtPage(): Promise<string> {
  const folder = join(await scratchFolder(), 'page');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), `<!doctype html><script type="module" src="./${scriptName}"></script>`);
  await writeFile(join(folder, scriptName), script);
  await writeFile(join(folder, `${scriptName}.br`), brotliCompressSync(script));
  await writeFile(join(folder, `${scriptName}.gz`), gzipSync(script));
  return folder;
}

/** As much of a browser as a page's sign-in uses: an address, what the page keeps, and cookies that scripts do not see. */
export class BrowserTab implements PageWindow {
  readonly kept = new Map<string, string>();
  readonly addresses: string[] = [];
  location: { pathname: string; search: string; hash: string } = { pathname: '/view/', search: '', hash: '' };
  cookie = '';

  constructor(readonly origin: string) {}

  readonly history = {
    replaceState: (_data: unknown, _unused: string, url: string): void => this.go(url),
  };

  readonly localStorage = {
    getItem: (name: string): string | null => this.kept.get(name) ?? null,
    setItem: (name: string, value: string): void => void this.kept.set(name, value),
    removeItem: (name: string): void => void this.kept.delete(name),
  };

  /** Puts another address into the address line. */
  go(url: string): void {
    const { pathname, search, hash } = new URL(url, this.origin);
    this.location = { pathname, search, hash };
    this.addresses.push(url);
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), origin: this.origin, cookie: this.cookie };
    const response = await fetch(new URL(url, this.origin), { ...init, headers });
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) this.cookie = set.split(';')[0] ?? '';
    return response;
  }
}
