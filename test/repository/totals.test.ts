import { describe, expect, it } from 'vitest';
import { countTests, exitCode } from '../../scripts/test-totals.mjs';

const file = (status: string, ...tests: string[]): Parameters<typeof countTests>[0]['testResults'][number] => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('the last line of a run', () => {
  it('counts tests over all files', () => {
    const report = { testResults: [file('passed', 'passed', 'skipped'), file('failed', 'failed', 'passed', 'todo')] };
    expect(countTests(report)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it('counts a file that could not be loaded as one failure', () => {
    expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] })).toMatchObject({ failed: 1 });
  });
});

describe('the exit code of a run', () => {
  it('is the runner’s own when that is not 0', () => {
    expect(exitCode({ passed: 3, failed: 0, skipped: 0 }, 130)).toBe(130);
  });

  it('is 0 only when tests ran and none failed', () => {
    expect(exitCode({ passed: 3, failed: 0, skipped: 1 }, 0)).toBe(0);
    expect(exitCode({ passed: 3, failed: 1, skipped: 0 }, 0)).toBe(1);
    expect(exitCode({ passed: 0, failed: 0, skipped: 4 }, 0)).toBe(1);
    expect(exitCode(null, 0)).toBe(1);
  });
});
