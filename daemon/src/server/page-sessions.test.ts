import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PageSessions } from './page-sessions.js';

let folder: string;
let now: number;
let sessions: PageSessions;
const path = (): string => join(folder, 'pages.json');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locscale-pages-'));
  now = 1_000_000;
  sessions = new PageSessions(path(), () => now);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const denied = expect.objectContaining({ kind: 'access.denied' }) as Error;

describe('a code', () => {
  it('works once', async () => {
    const code = sessions.newCode();
    await sessions.redeem(code);
    await expect(sessions.redeem(code)).rejects.toEqual(denied);
  });

  it('works within two minutes', async () => {
    const [early, late] = [sessions.newCode(), sessions.newCode()];
    now += 119_000;
    await sessions.redeem(early);
    now += 1000;
    await expect(sessions.redeem(late)).rejects.toEqual(denied);
  });

  it('is nothing that can be guessed', async () => {
    const codes = Array.from({ length: 5 }, () => sessions.newCode());
    expect(new Set(codes.map((code) => code.length))).toEqual(new Set([32]));
    for (const wrong of ['', 'a', codes[0]?.slice(1) ?? '', `${codes[0]} `])
      await expect(sessions.redeem(wrong)).rejects.toEqual(denied);
  });

  it('says when it ends, in whatever way', async () => {
    const ended: string[] = [];
    const used = sessions.newCode(() => ended.push('used'));
    sessions.newCode(() => ended.push('old'));
    await sessions.redeem(used);
    now += 200_000;
    sessions.newCode(() => ended.push('closed'));
    sessions.close();
    expect(ended).toEqual(['used', 'old', 'closed']);
  });
});

describe('a session', () => {
  it('lets the tabs that are open in when their browser opens another one', async () => {
    const first = await sessions.redeem(sessions.newCode());
    const second = await sessions.redeem(sessions.newCode(), first.cookie);
    expect(second.cookie).toBe(first.cookie);
    expect(second.key).not.toBe(first.key);
    expect([first, second].map(({ key }) => sessions.accepts(key, second.cookie))).toEqual([true, true]);
    const digest = createHash('sha256').update(second.key).digest('hex');
    const nonce = 'ab'.repeat(16);
    expect(sessions.prove(second.cookie, nonce)).toBe(createHmac('sha256', digest).update(nonce).digest('hex'));
    const stranger = await sessions.redeem(sessions.newCode(), 'cd'.repeat(32));
    expect(stranger.cookie).not.toBe('cd'.repeat(32));
    expect(sessions.accepts(stranger.key, first.cookie)).toBe(false);
  });

  it('needs key and cookie of the same page', async () => {
    const one = await sessions.redeem(sessions.newCode());
    const two = await sessions.redeem(sessions.newCode());
    expect(sessions.accepts(one.key, one.cookie)).toBe(true);
    for (const [key, cookie] of [
      [one.key, undefined],
      [one.key, ''],
      [one.key, two.cookie],
      [two.key, one.cookie],
      ['', one.cookie],
      [one.cookie, one.cookie],
      [one.key, one.key],
    ] as const)
      expect(sessions.accepts(key, cookie)).toBe(false);
  });

  it('outlives the daemon, as digests in a file of the owner', async () => {
    const { key, cookie } = await sessions.redeem(sessions.newCode());
    const text = await readFile(path(), 'utf8');
    expect(text).not.toContain(key);
    expect(text).not.toContain(cookie);
    expect((await stat(path())).mode & 0o077).toBe(0);
    const next = new PageSessions(path(), () => now);
    expect(next.accepts(key, cookie)).toBe(false);
    await next.restore();
    expect(next.accepts(key, cookie)).toBe(true);
    await next.clear();
    expect(next.accepts(key, cookie)).toBe(false);
  });

  it('ends a week after it was last used', async () => {
    const { key, cookie } = await sessions.redeem(sessions.newCode());
    const day = 24 * 3600_000;
    now += 6 * day;
    expect(sessions.accepts(key, cookie)).toBe(true);
    now += 7 * day;
    expect(sessions.accepts(key, cookie)).toBe(false);
  });

  it('proves that its key is known without telling it', async () => {
    const { key, cookie } = await sessions.redeem(sessions.newCode());
    const digest = createHash('sha256').update(key).digest('hex');
    expect(sessions.prove(cookie, 'ab'.repeat(16))).toBe(
      createHmac('sha256', digest).update('ab'.repeat(16)).digest('hex'),
    );
    expect(sessions.prove('0'.repeat(64), 'ab'.repeat(16))).toBeNull();
    expect(sessions.prove(undefined, 'ab'.repeat(16))).toBeNull();
  });

  it('gives way to newer ones', async () => {
    const first = await sessions.redeem(sessions.newCode());
    for (let n = 0; n < 32; n++) await sessions.redeem(sessions.newCode());
    expect(sessions.accepts(first.key, first.cookie)).toBe(false);
  });
});
