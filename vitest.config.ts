import { configDefaults, defineConfig } from 'vitest/config';

/** Where the runner's own report goes when asked for (`.ci/run` asks, to print the totals from it). */
const report = process.env['LOCSCALE_TEST_REPORT'];
const outputs = ['**/node_modules/**', '**/dist/**', '**/build/**', '.cache/**'];
/** Compilers and linters fill all cores for a minute, which tests of response times would feel: they run after all others, side by side. */
const compilers = ['test/repository/lint.test.ts', 'test/native/kernels.test.ts'];
/** Tests beside the code start no programs and leave nothing behind, so they share processes and what these have loaded. */
const units = ['{daemon,protocol,plugins/molstar}/src/**/*.test.ts'];

export default defineConfig({
  test: {
    // Processes, not threads: tests load the native addon, and a crash in it must end one test file, not the run.
    pool: 'forks',
    // Tests that start programs wait for them a good part of their time, so two files at once leave two cores idle now and then.
    // More than three make limits of response times (half a second, some) depend on luck.
    maxWorkers: 3,
    // Limits against hanging, not measures of speed: a machine that is busy with other things may take many times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? configDefaults.reporters : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    projects: [
      {
        extends: true,
        test: { name: 'tests', include: ['**/*.test.ts'], exclude: [...outputs, ...units, ...compilers] },
      },
      { extends: true, test: { name: 'units', include: units, exclude: outputs, isolate: false } },
      { extends: true, test: { name: 'compilers', include: compilers, sequence: { groupOrder: 1 } } },
    ],
  },
});
