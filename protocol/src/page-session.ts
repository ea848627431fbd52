import { z } from 'zod';
import { LocScaleError } from './errors.js';

/** Body of `POST /view/session`: the code of the address, which works once. */
export const pageSignInSchema = z.strictObject({
  code: z.string().min(1).max(200).meta({ description: 'From the fragment of the address: `#code=…`.' }),
});

/** Query of `GET /view/session`. */
export const pageProofSchema = z.strictObject({
  nonce: z
    .string()
    .regex(/^[0-9a-f]{32,128}$/)
    .meta({ description: 'Random number of the page, in hexadecimal.' }),
});

const keySchema = z.object({ key: z.string().min(1) });
const proofSchema = z.object({ proof: z.string() });
const failureSchema = z.object({ error: z.object({ message: z.string() }) });

/** What is used of a browser's window, so that a test can stand in for it. */
export interface PageWindow {
  readonly location: { readonly pathname: string; readonly search: string; readonly hash: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly localStorage: {
    getItem(name: string): string | null;
    setItem(name: string, value: string): void;
    removeItem(name: string): void;
  };
  fetch(
    url: string,
    init?: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string },
  ): Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;
}

const keyName = 'locscale.key';

/**
 * Signs a page in that the daemon serves, and returns its key: what `connect` takes as a token, and `Authorization: Bearer`.
 * With a code in the address (which is taken out of it) the code is exchanged; without one (reload, another tab, daemon started
 * again) the key of before is used, after the server has proved that it knows it: another program may have taken the port.
 * Key and cookie open the daemon only together.
 */
export async function openPageSession(page: PageWindow): Promise<string> {
  const { location, history, localStorage } = page;
  const fragment = new URLSearchParams(location.hash.slice(1));
  const code = fragment.get('code');
  if (code !== null) {
    fragment.delete('code');
    const rest = fragment.toString();
    history.replaceState(null, '', location.pathname + location.search + (rest === '' ? '' : `#${rest}`));
    const key = await exchange(page, code);
    localStorage.setItem(keyName, key);
    return key;
  }
  const key = localStorage.getItem(keyName);
  if (key === null)
    throw new LocScaleError('access.denied', 'This page has not been opened by LocScale; open it with: locscale view');
  await assertKnown(page, key);
  return key;
}

async function exchange(page: PageWindow, code: string): Promise<string> {
  const response = await ask(page, '/view/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const answer: unknown = await response.json().catch(() => null);
  const parsed = keySchema.safeParse(answer);
  if (response.ok && parsed.success) return parsed.data.key;
  const failure = failureSchema.safeParse(answer);
  throw new LocScaleError(
    'access.denied',
    failure.success ? failure.data.error.message : `The daemon answered the code with status ${response.status}.`,
  );
}

/** Throws `connection.refused` while nobody answers, `access.denied` when the page has to be opened anew. */
async function assertKnown(page: PageWindow, key: string): Promise<void> {
  const nonce = hex(crypto.getRandomValues(new Uint8Array(32)));
  const response = await ask(page, `/view/session?nonce=${nonce}`);
  const parsed = proofSchema.safeParse(await response.json().catch(() => null));
  if (response.ok && parsed.success && parsed.data.proof === (await expectedProof(key, nonce))) return;
  page.localStorage.removeItem(keyName);
  throw new LocScaleError('access.denied', 'The daemon does not know this page any more; open it with: locscale view');
}

/** HMAC-SHA-256 of the nonce under the hexadecimal SHA-256 of the key. */
async function expectedProof(key: string, nonce: string): Promise<string> {
  const text = new TextEncoder();
  const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', text.encode(key))));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const secret = await crypto.subtle.importKey('raw', text.encode(digest), algorithm, false, ['sign']);
  return hex(new Uint8Array(await crypto.subtle.sign('HMAC', secret, text.encode(nonce))));
}

async function ask(page: PageWindow, ...request: Parameters<PageWindow['fetch']>): ReturnType<PageWindow['fetch']> {
  try {
    return await page.fetch(...request);
  } catch (cause) {
    throw new LocScaleError(
      'connection.refused',
      'The daemon does not answer; start it with: locscale daemon start',
      {},
      { cause },
    );
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
