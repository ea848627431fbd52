/**
 * `npm run setup`: brings this folder to the state in which `npx locscale`, the demo and the tests run.
 * Runs before test, demo, bench and lint; says nothing and takes well under half a second when nothing is missing.
 * Plain Node without dependencies, because node_modules may be missing.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addon } from './setup/addon.mjs';
import { takeLock } from './setup/lock.mjs';
import { nodeModules } from './setup/node-modules.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { page } from './setup/page.mjs';
import { SetupError, say } from './setup/step.mjs';
import { systemPackages } from './setup/system.mjs';
import { typescript } from './setup/typescript.mjs';

/** In this order: each step needs the ones before it. */
const steps = [systemPackages, nodeModules, addon, typescript, page];
const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  checkNodeVersion(root);
  if (steps.some((step) => step.missing(root) !== null)) {
    const release = takeLock(root);
    try {
      for (const step of steps) {
        // Asked again under the lock: another setup may just have done it.
        const reason = step.missing(root);
        if (reason !== null) step.make(root, reason);
      }
    } finally {
      release();
    }
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  if (error.output !== '') process.stderr.write(`${error.output.trimEnd()}\n`);
  say(error.message);
  process.exitCode = 1;
}
