import { expect, it } from 'vitest';
import { checkNode } from './node-version.js';

it.each([
  ['20.19.0', 'ok'],
  ['20.20.2', 'ok'],
  ['22.0.0', 'ok'],
  ['20.18.3', 'failed'],
  ['18.20.0', 'failed'],
])('Node %s is %s', (version, state) => {
  expect(checkNode(version).state).toBe(state);
});

it('names the version seen, the one needed and the next step', () => {
  expect(checkNode('18.1.0').message).toBe(
    'version 18.1.0 is too old, 20.19 or newer is needed; install a newer Node.',
  );
});
