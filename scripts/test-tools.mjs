/**
 * Before `npm test`: programs that tests speak with and that nothing else needs. Installed where that needs no question (apt-get as
 * root); elsewhere one line says which tests will be skipped. Never fails.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installCommand, installLine, packageNames, testNeeds } from './setup/packages.mjs';
import { run, say, SetupError } from './setup/step.mjs';
import { isOnPath, isThere } from './setup/system.mjs';

/** @typedef {import('./setup/packages.mjs').Manager} Manager */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const missing = testNeeds.filter((need) => !isThere(need));
const manager = /** @type {Manager[]} */ (Object.keys(installCommand)).find(isOnPath);

if (missing.length > 0) {
  const what = missing.map((need) => need.what).join(', ');
  const skipped = `${what} not found, so the tests that need it are skipped`;
  const isRoot = process.getuid?.() === 0;
  if (manager === undefined) say(skipped);
  else if (manager !== 'apt-get' || !isRoot) say(`${skipped}; install with: ${installLine(manager, missing, isRoot)}`);
  else {
    const packages = packageNames(manager, missing);
    say(`installing what tests need: ${packages.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { cwd: root, env, failure: skipped };
    const [command = '', ...args] = installCommand[manager];
    try {
      run('apt-get', ['update', '-qq'], options);
      run(command, [...args, '-qq', ...packages], options);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(error.message);
    }
  }
}
