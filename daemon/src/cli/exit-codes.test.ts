import { readFileSync } from 'node:fs';
import { errorTable } from '@chimerax-like/rpc';
import { expect, it } from 'vitest';
import { exitCodeOf, exitCodes } from './exit-codes.js';

it.each([
  ['rpc.internal', 1],
  ['rpc.invalid-params', 2],
  ['input.missing', 3],
  ['input.parameter', 2],
  ['output.disk-full', 4],
  ['job.cancelled', 5],
  ['job.unknown', 3],
  ['engine.crashed', 1],
  ['engine.missing', 6],
  ['connection.refused', 6],
  ['access.denied', 6],
  ['access.path', 3],
  ['limit.memory', 7],
  ['command-line.usage', 2],
  ['command-line.not-yet', 8],
  ['input.kind-of-a-newer-daemon', 3],
  ['unheard.of', 1],
  ['toString', 1],
])('%s ends with exit code %i', (kind, code) => {
  expect(exitCodeOf(kind)).toBe(code);
});

it('gives every kind of error an exit code other than 0', () => {
  for (const kind of Object.keys(errorTable)) expect(exitCodeOf(kind), kind).toBeGreaterThan(0);
});

it('is documented line by line', () => {
  const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
  for (const { code, meaning } of Object.values(exitCodes)) expect(page).toContain(`| ${code} | ${meaning} |`);
});
