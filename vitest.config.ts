import { configDefaults, defineConfig } from 'vitest/config';

/** Where the runner's own report goes when asked for (`.ci/run` asks, to print the totals from it). */
const report = process.env['LOCSCALE_TEST_REPORT'];
const outputs = ['**/node_modules/**', '**/dist/**', '**/build/**', '.cache/**'];
/** Compiler and linters fill a core for half a minute, which tests of response times would feel: they run after all others. */
const lint = 'test/repository/lint.test.ts';

export default defineConfig({
  test: {
    // Processes, not threads: tests load the native addon, and a crash in it must end one test file, not the run.
    pool: 'forks',
    // Many tests start a daemon with engine children of its own; more than two files at once only makes them wait.
    maxWorkers: 2,
    // Limits against hanging, not measures of speed: a machine that is busy with other things may take many times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? configDefaults.reporters : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    projects: [
      {
        extends: true,
        test: { name: 'tests', include: ['**/*.test.ts'], exclude: [...outputs, lint], sequence: { groupOrder: 0 } },
      },
      { extends: true, test: { name: 'lint', include: [lint], sequence: { groupOrder: 1 } } },
    ],
  },
});
