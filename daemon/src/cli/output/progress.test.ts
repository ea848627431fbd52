import { expect, it } from 'vitest';
import type { Progress } from '@chimerax-like/rpc';
import type { Terminal } from '../terminal.js';
import { duration } from './duration.js';
import { progressView } from './progress.js';

function recorder(interactive: boolean, columns = 80): { readonly out: string[]; readonly terminal: Terminal } {
  const out: string[] = [];
  const push = (text: string): void => void out.push(text);
  return { out, terminal: { print: push, note: push, draw: push, interactive, columns: () => columns } };
}

const at = (fraction: number, remainingSeconds: number | null = null): Progress => ({
  step: 'scaleWindows',
  fraction,
  message: 'scaling the windows',
  elapsedSeconds: 1,
  remainingSeconds,
});

it('redraws one bar with the time left, inside the width of the terminal', () => {
  const { out, terminal } = recorder(true, 60);
  const view = progressView(terminal);
  view.update(at(0.5, 12.4));
  view.end();
  expect(out[0]).toBe('\r[###############---------------]  50 %  scaling the windows\u001b[K');
  expect(out[1]).toBe('\r\u001b[K');

  const wide = recorder(true, 200);
  progressView(wide.terminal).update(at(1, 0));
  expect(wide.out[0]).toContain('100 %  scaling the windows, 0 ms left');
});

it('prints plain lines: the first at once, then one per 10 % and 5 s, at least one a minute', () => {
  const { out, terminal } = recorder(false);
  let now = 0;
  const view = progressView(terminal, () => now);
  const step = (ms: number, fraction: number): void => {
    now = ms;
    view.update(at(fraction));
  };
  step(0, 0);
  step(1_000, 0.5); // too soon
  step(5_000, 0.55);
  step(11_000, 0.6); // only 5 % more
  step(12_000, 0.66);
  step(71_000, 0.67);
  step(72_000, 0.67); // a minute without a line
  expect(out.map((line) => line.trim().split(' ')[0])).toEqual(['0', '55', '66', '67']);
  expect(out.join('')).not.toContain('\u001b');
});

it('says why nothing moves yet, on the same line of a terminal', () => {
  const [bar, lines] = [recorder(true, 20), recorder(false)];
  progressView(bar.terminal).wait('Waiting for other jobs to end');
  progressView(lines.terminal).wait('Waiting for other jobs to end');
  expect(bar.out).toEqual(['\rWaiting for other j\u001b[K']);
  expect(lines.out).toEqual(['Waiting for other jobs to end']);
});

it.each([
  [0.0384, '38 ms'],
  [0.0996, '0.1 s'],
  [8.26, '8.3 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [185, '3 min 05 s'],
  [7_800, '2 h 10 min'],
])('writes %d s as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
