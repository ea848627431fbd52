/**
 * Prints `N passed, N failed, N skipped` from the report that vitest wrote, as the last line of a run.
 * Usage: node scripts/test-totals.mjs REPORT.json EXIT_CODE
 * Ends with the runner's exit code, or with 1 when something failed or no test ran although that code was 0.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ readonly status: string, readonly assertionResults: readonly { readonly status: string }[] }} FileReport
 * @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Totals
 */

/**
 * Counts tests. A file that failed before any of its tests could run (a syntax error, a missing import) counts as one failure.
 * @param {{ readonly testResults: readonly FileReport[] }} report vitest's JSON report
 * @returns {Totals}
 */
export function countTests(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return { passed, failed: failed + brokenFiles, skipped: tests.length - passed - failed };
}

/**
 * @param {Totals | null} totals null when the runner wrote no report
 * @param {number} runnerCode exit code of `npm test`
 * @returns {number} exit code of the whole run
 */
export function exitCode(totals, runnerCode) {
  if (runnerCode !== 0) return runnerCode;
  return totals === null || totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

/**
 * @param {string} path
 * @returns {Totals | null}
 */
function readTotals(path) {
  try {
    return countTests(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    console.error(`No test report at ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [path = '', code = '1'] = process.argv.slice(2);
  const totals = readTotals(path);
  const { passed, failed, skipped } = totals ?? { passed: 0, failed: 0, skipped: 0 };
  process.exitCode = exitCode(totals, Number(code));
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}
