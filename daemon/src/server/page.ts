import { rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocScaleError, pageProofSchema, pageSignInSchema, readQuery } from '@chimerax-like/rpc';
import { sendJson } from './answer.js';
import { sendPageFile } from './page-files.js';
import { codeLifetimeMs, type PageSessions } from './page-sessions.js';

/** Where the build of the page lies, seen from the built daemon. */
const builtPage = fileURLToPath(new URL('../../../plugins/molstar/dist/page/', import.meta.url));

/** Longest body of a sign-in. */
const signInBytes = 1024;

export interface PageParts {
  readonly sessions: PageSessions;
  /** Folder for the files that lead a browser to the page, readable by the owner alone. */
  readonly runtimeFolder: string;
  /** Folder of another page than the one that comes with LocScale. */
  readonly folder?: string | undefined;
}

/** One-time addresses that open the page. */
export interface PageAddress {
  readonly url: string;
  readonly file: string | null;
  readonly expiresSeconds: number;
}

/** The web page of the daemon: its files, and how it gets into touch without the token. */
export class Page {
  readonly #sessions: PageSessions;
  readonly #folder: string;
  readonly #runtimeFolder: string;

  constructor({ sessions, runtimeFolder, folder = builtPage }: PageParts) {
    this.#sessions = sessions;
    this.#folder = folder;
    this.#runtimeFolder = runtimeFolder;
  }

  /**
   * An address that opens the page once, with these volumes and models as its inputs. A local caller gets it also as a file that leads there: what a program is started
   * with can be read by all users of a machine, so a browser had better be started with the name of a file.
   */
  async address(base: string, asFile: boolean, inputs: readonly string[] = []): Promise<PageAddress> {
    if ((await stat(join(this.#folder, 'index.html')).catch(() => null)) === null)
      throw new LocScaleError(
        'input.missing',
        `The page is not built: ${join(this.#folder, 'index.html')} is missing; run: npm run setup`,
      );
    let file: string | null = null;
    const code = this.#sessions.newCode(() => {
      if (file !== null) void rm(file, { force: true });
    });
    const url = `${base}/view/#code=${code}${inputs.length === 0 ? '' : `&open=${inputs.join(',')}`}`;
    if (asFile) {
      file = join(this.#runtimeFolder, `open-${code.slice(0, 8)}.html`);
      await writeFile(file, leadTo(url), { mode: 0o600, flag: 'wx' });
    }
    return { url, file, expiresSeconds: codeLifetimeMs / 1000 };
  }

  /** Answers what lies at `/view`; returns false for all other addresses. */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    const { pathname } = url;
    if (pathname !== '/view' && !pathname.startsWith('/view/')) return false;
    setPageHeaders(request, response);
    if (pathname === '/view/session') await this.#answerSession(request, response, url);
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new LocScaleError('rpc.unknown-method', `The method is ${request.method}, expected GET or HEAD here.`);
    // Browsers take the fragment along.
    else if (pathname === '/view') response.writeHead(308, { Location: '/view/', 'Content-Length': 0 }).end();
    else await sendPageFile(request, response, this.#folder, pathname.slice('/view/'.length) || 'index.html');
    return true;
  }

  async #answerSession(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'GET') {
      const { nonce } = readQuery(pageProofSchema, url.searchParams);
      const proof = this.#sessions.prove(pageCookie(request), nonce);
      if (proof === null)
        throw new LocScaleError('access.denied', 'The daemon does not know this page; open it with: locscale view');
      sendJson(response, 200, { proof });
      return;
    }
    if (request.method !== 'POST')
      throw new LocScaleError('rpc.unknown-method', `The method is ${request.method}, expected GET or POST here.`);
    const { key, cookie } = await this.#sessions.redeem(await readCode(request), pageCookie(request));
    response.setHeader(
      'Set-Cookie',
      `${cookieName(request)}=${cookie}; Path=/; HttpOnly; SameSite=Strict${secure(request)}`,
    );
    sendJson(response, 200, { key });
  }
}

/** The cookie of a page's session, if the request has it. */
export function pageCookie(request: IncomingMessage): string | undefined {
  const name = cookieName(request);
  return request.headers.cookie
    ?.split(';')
    .map((entry) => entry.trim())
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** Cookies do not know ports, so the port is in the name: daemons behind tunnels do not take each other's. */
function cookieName({ headers: { host } }: IncomingMessage): string {
  return `locscale-${/:(\d+)$/.exec(host ?? '')?.[1] ?? '0'}`;
}

const secure = ({ socket }: IncomingMessage): string => ('encrypted' in socket ? '; Secure' : '');

/** Nothing from elsewhere is loaded, asked or embedded; styles in elements are how Mol*'s React controls are drawn. */
function setPageHeaders({ headers: { host }, socket }: IncomingMessage, response: ServerResponse): void {
  // Older Safari does not take 'self' to mean the WebSocket of the same host.
  const webSocket = `${'encrypted' in socket ? 'wss' : 'ws'}://${host ?? ''}`;
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self' data:",
    'connect-src': `'self' ${webSocket}`,
    'worker-src': "'self' blob:",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  const text = Object.entries(policy).map((entry) => entry.join(' '));
  response.setHeader('Content-Security-Policy', text.join('; '));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

async function readCode(request: IncomingMessage): Promise<string> {
  // A form of another page cannot send this type without asking first.
  if (request.headers['content-type'] !== 'application/json')
    throw new LocScaleError('input.format', 'The Content-Type of a sign-in is application/json; send the code so.');
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1');
    if (text.length > signInBytes)
      throw new LocScaleError('limit.size', `A sign-in has at most ${signInBytes} bytes; send only the code.`);
  }
  const parsed = pageSignInSchema.safeParse(json(text));
  if (!parsed.success) throw new LocScaleError('rpc.invalid-params', 'A sign-in is {"code": "…"}; send the code so.');
  return parsed.data.code;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function leadTo(url: string): string {
  const address = url.replaceAll('&', '&amp;');
  return (
    `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>LocScale</title>` +
    `<meta http-equiv="refresh" content="0; url=${address}"><a href="${address}">Open LocScale</a>\n`
  );
}
