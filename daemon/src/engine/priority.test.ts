import { existsSync, readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { Courtesy } from './priority.js';

const file = '/proc/self/autogroup';
const niceness = (): string | undefined => /nice (-?\d+)/.exec(readFileSync(file, 'utf8'))?.[1];

// Left out where the kernel has no groups of sessions; named so in the list of tests.
it.skipIf(!existsSync(file))(
  'a session gives way for a moment and has its share back afterwards (autogroup)',
  async () => {
    const courtesy = new Courtesy();
    onTestFinished(() => courtesy.end());
    courtesy.begin();
    expect(niceness()).toBe('10');
    courtesy.end();
    await expect.poll(niceness).toBe('0');
    courtesy.begin();
    await expect.poll(niceness, { timeout: 5000 }).toBe('0');
  },
);
