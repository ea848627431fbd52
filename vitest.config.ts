import { defineConfig } from 'vitest/config';

/** Where the runner's own report goes when asked for (`.ci/run` asks, to print the totals from it). */
const report = process.env['LOCSCALE_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/build/**'],
    // Processes, not threads: tests load the native addon, and a crash in it must end one test file, not the run.
    pool: 'forks',
    // Many tests start a daemon with engine children of its own; more than two files at once only makes them wait.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
  },
});
