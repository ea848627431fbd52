/**
 * `npm run bench`: speeds and sizes as ratios to a peer in the same run or to the project's goals; docs/performance.md
 * explains them.
 */
import { parseArguments, usage, UsageError } from './arguments.js';
import { commandBench } from './command.js';
import { filesBench } from './files.js';
import { fourierBench } from './fourier.js';
import { modelBench } from './model.js';
import { thisMachine } from './report/machine.js';
import { jsonReporter, tableReporter } from './report/reporter.js';
import { localResolutionErrorBench } from './local-resolution/error.js';
import { localResolutionBench } from './local-resolution/local-resolution.js';
import { networkBench } from './networks.js';
import { pseudoAtomBench } from './pseudo-atoms.js';
import { recoveryBench } from './recovery/recovery.js';
import { refinementBench } from './refinement.js';
import { scalingBench } from './scaling/scaling.js';
import { transferBench } from './transfer.js';
import { surferBench } from './surfer.js';
import { viewerBench } from './viewer.js';

const known = [
  scalingBench,
  commandBench,
  transferBench,
  filesBench,
  fourierBench,
  localResolutionBench,
  localResolutionErrorBench,
  modelBench,
  refinementBench,
  recoveryBench,
  pseudoAtomBench,
  networkBench,
  surferBench,
  viewerBench,
];
const words = process.argv.slice(2);

try {
  const chosen = parseArguments(words, known);
  if (chosen === null) {
    console.log(usage(known));
  } else {
    const reporter = chosen.json ? jsonReporter : tableReporter;
    reporter.begin(thisMachine(words));
    for (const bench of chosen.benches) {
      reporter.beginBench(bench);
      await bench.run({
        report: (finding) => reporter.report(bench, finding),
        note: (text) => reporter.note(text),
        yardstick: chosen.yardstick,
      });
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
