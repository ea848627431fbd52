import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { z } from 'zod';
import { writePrivate } from './private-file.js';

/** How long a code waits for a browser that has to start first. */
export const codeLifetimeMs = 120_000;
/** A page that was not open for so long has to be opened anew. */
const sessionLifetimeMs = 7 * 24 * 3600_000;
/** The oldest give way. */
const mostCodes = 16;
const mostSessions = 32;

/** Digests only: who reads the file can open nothing with it. */
const sessionSchema = z.object({ cookie: z.string(), key: z.string(), usedAt: z.number() });
type Session = z.infer<typeof sessionSchema>;

/** What a page gets for its code: a key that its script keeps, and a cookie that no script can read. */
export interface PageKeys {
  readonly key: string;
  readonly cookie: string;
}

/**
 * Pages that may use the daemon without its token. A one-time code is exchanged for a key and a cookie, which open
 * something only together: cookies of 127.0.0.1 go to every server there, whatever its port, and the key never leaves the
 * page before the server has proved that it knows the key's digest.
 */
export class PageSessions {
  readonly #path: string;
  readonly #now: () => number;
  readonly #codes = new Map<string, { readonly until: number; readonly onEnd: () => void }>();
  #sessions: Session[] = [];
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, now: () => number = Date.now) {
    this.#path = path;
    this.#now = now;
  }

  /** Brings back the pages of the daemon before. */
  async restore(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => '[]');
    try {
      this.#sessions = z.array(sessionSchema).parse(JSON.parse(text));
    } catch {
      this.#sessions = [];
    }
  }

  /** A new code; `onEnd` is called when it has been used or has run out. */
  newCode(onEnd: () => void = () => undefined): string {
    this.#dropOldCodes();
    const [oldest] = this.#codes.keys();
    if (this.#codes.size >= mostCodes && oldest !== undefined) this.#endCode(oldest);
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(digest(code), { until: this.#now() + codeLifetimeMs, onEnd });
    setTimeout(() => this.#dropOldCodes(), codeLifetimeMs + 1000).unref();
    return code;
  }

  /**
   * Exchanges a code, once. A browser that is known by its cookie keeps it and gets one more key: all tabs of a browser share its
   * cookies, so another one would shut out the tabs that are open.
   */
  async redeem(code: string, present?: string): Promise<PageKeys> {
    this.#dropOldCodes();
    if (!this.#endCode(digest(code)))
      throw new LocScaleError(
        'access.denied',
        'The code of this address was used before or has run out; open the page again with: locscale view',
        { status: 403 },
      );
    const known = present !== undefined && this.#of(present).length > 0;
    const keys = {
      key: randomBytes(32).toString('hex'),
      cookie: known ? present : randomBytes(32).toString('hex'),
    };
    const session = { cookie: digest(keys.cookie), key: digest(keys.key), usedAt: this.#now() };
    this.#sessions = [...this.#alive().slice(1 - mostSessions), session];
    await this.save();
    return keys;
  }

  /** Whether key and cookie belong to one session. */
  accepts(key: string, cookie: string | undefined): boolean {
    const session = this.#of(cookie).find((one) => sameDigest(one.key, digest(key)));
    if (session === undefined) return false;
    session.usedAt = this.#now();
    return true;
  }

  /**
   * Proof for a page that its key is known here: HMAC-SHA-256 of its nonce under the digest of the key; null: unknown page. A page
   * asks with the newest key of its browser, which the tabs share.
   */
  prove(cookie: string | undefined, nonce: string): string | null {
    const session = this.#of(cookie).at(-1);
    return session === undefined ? null : createHmac('sha256', session.key).update(nonce).digest('hex');
  }

  /** Forgets all pages: their keys may have been given to whoever took the daemon's port. */
  async clear(): Promise<void> {
    this.#sessions = [];
    await rm(this.#path, { force: true });
  }

  async save(): Promise<void> {
    if (this.#sessions.length === 0) return;
    this.#saving = this.#saving.then(() => writePrivate(this.#path, JSON.stringify(this.#alive())));
    await this.#saving;
  }

  /** Ends all codes, so that what they left behind is cleared away. */
  close(): void {
    for (const code of [...this.#codes.keys()]) this.#endCode(code);
  }

  /** The sessions of a browser, the newest last. */
  #of(cookie: string | undefined): Session[] {
    if (cookie === undefined) return [];
    const wanted = digest(cookie);
    return this.#alive().filter((session) => sameDigest(session.cookie, wanted));
  }

  #alive(): Session[] {
    return this.#sessions.filter(({ usedAt }) => this.#now() - usedAt < sessionLifetimeMs);
  }

  #endCode(hash: string): boolean {
    this.#codes.get(hash)?.onEnd();
    return this.#codes.delete(hash);
  }

  #dropOldCodes(): void {
    for (const [hash, { until }] of this.#codes) if (until <= this.#now()) this.#endCode(hash);
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const sameDigest = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b));
