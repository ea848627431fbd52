import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseArguments } from '../../bench/arguments.js';
import { type Bench, toMeasurement } from '../../bench/measurement.js';
import { jsonReporter } from '../../bench/report/reporter.js';
import { row } from '../../bench/report/table.js';
import { describeDisturbance, median, quietRounds } from '../../bench/timing.js';
import { root } from '../repository/tree.js';

const bench = (name: string): Bench => ({ name, about: 'about', run: () => Promise.resolve() });
const [scaling, files] = [bench('scaling'), bench('files')];

describe('the command line of the bench', () => {
  it('names benches, all without a name', () => {
    expect(parseArguments([], [scaling, files])?.benches).toEqual([scaling, files]);
    expect(parseArguments(['files', '--json'], [scaling, files])).toMatchObject({ benches: [files], json: true });
    expect(parseArguments(['--yardstick', 'there'], [scaling])?.yardstick).toBe('there');
    expect(parseArguments(['--help'], [scaling])).toBeNull();
  });

  it('refuses what it does not know with exit code 2 and nothing on standard output', () => {
    const main = join(root, 'bench', 'dist', 'main.js');
    const run = (word: string) => spawnSync(process.execPath, [main, word], { encoding: 'utf8' });
    expect(run('speed')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^There is no bench speed; /),
    });
    expect(run('--fast')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('a measurement', () => {
  const fast = { case: 'a', value: 2, unit: 's', against: { what: 'peer', value: 5, goal: 3 } } as const;

  it('has a ratio that says how many times better it is', () => {
    expect(toMeasurement('files', fast)).toEqual({
      bench: 'files',
      case: 'a',
      value: 2,
      unit: 's',
      reference: 5,
      ratio: 2.5,
      against: 'peer',
      goal: 3,
    });
    expect(toMeasurement('files', { case: 'a', value: 2, unit: 's' })).toMatchObject({ reference: null, ratio: null });
  });

  it('is a line of the table that says whether the goal is met', () => {
    expect(row(toMeasurement('files', fast))).toMatch(/2\.00 s +5\.00 +2\.50 {2}peer; wanted 3\.00: MISSED$/);
    expect(row(toMeasurement('files', { ...fast, value: 1 }))).toMatch(/wanted 3\.00: met$/);
  });

  describe('as JSON', () => {
    afterEach(() => vi.restoreAllMocks());

    it('is one object a line, and notes stay away from standard output', () => {
      const out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
      const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      jsonReporter.beginBench(files);
      jsonReporter.report(files, fast);
      jsonReporter.note('left out');
      expect(out.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
        toMeasurement('files', fast),
      ]);
      expect(error).toHaveBeenCalledTimes(2);
    });
  });
});

describe('times', () => {
  it('have a median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('are repeated until others left them alone', async () => {
    const shares = [0.5, 0.01, 0.3, 0.02, 0.9];
    let next = 0;
    const round = () => Promise.resolve({ others: shares[next++] ?? 1 });
    const quiet = await quietRounds(2, 5, round);
    expect(quiet.map(({ others }) => others)).toEqual([0.01, 0.02]);
    expect(next).toBe(4);
    expect(describeDisturbance(quiet)).toBeNull();
    const busy = await quietRounds(2, 3, () => Promise.resolve({ others: 0.4 }));
    expect(busy).toHaveLength(2);
    expect(describeDisturbance(busy)).toContain('40 %');
  });
});
