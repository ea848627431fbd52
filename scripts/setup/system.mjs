/** Step 1: compiler, make, Python and the libraries' headers. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installCommand, installLine, macNeeds, needs, packageNames } from './packages.mjs';
import { SetupError, run, say } from './step.mjs';

/**
 * @typedef {import('./packages.mjs').Need} Need
 * @typedef {import('./packages.mjs').Manager} Manager
 */

/** Where compilers look without being told, and where Homebrew and MacPorts put headers. */
const includeFolders = [
  '/usr/include',
  '/usr/local/include',
  '/opt/homebrew/include',
  '/opt/local/include',
  ...(process.env['CPATH'] ?? '').split(delimiter),
  ...(process.env['CPLUS_INCLUDE_PATH'] ?? '').split(delimiter),
].filter((folder) => folder !== '');

/**
 * @param {string} command
 * @returns {boolean}
 */
export function isOnPath(command) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false; // not there or not executable: look in the next folder
    }
  });
}

/**
 * @param {Need} need
 * @returns {boolean}
 */
export function isThere(need) {
  const { command, header } = need;
  if (command !== undefined && !isOnPath(command)) return false;
  return header === undefined || includeFolders.some((folder) => existsSync(join(folder, header)));
}

/** @returns {readonly Need[]} */
function missingNeeds() {
  return [...needs, ...(process.platform === 'darwin' ? macNeeds : [])].filter((need) => !isThere(need));
}

/** @type {import('./step.mjs').Step} */
export const systemPackages = {
  missing() {
    const missing = missingNeeds();
    return missing.length === 0 ? null : missing.map((need) => need.what).join(', ');
  },

  make(root, reason) {
    const missing = missingNeeds();
    const managers = /** @type {Manager[]} */ (Object.keys(installCommand));
    const manager = managers.find(isOnPath);
    const isRoot = process.getuid?.() === 0;
    if (manager === undefined) {
      throw new SetupError(
        `${reason} not found, and none of ${managers.join(', ')} to install with; install them and run this again.`,
      );
    }
    const line = installLine(manager, missing, isRoot);
    if (manager !== 'apt-get' || !isRoot) {
      throw new SetupError(`${reason} not found; install with this line, then run the command again:\n  ${line}`);
    }
    say(`installing system packages: ${packageNames(manager, missing).join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const failure = `the system packages could not be installed; repair apt-get, or run: ${line}`;
    run('apt-get', ['update', '-qq'], { cwd: root, env, failure });
    const [command = '', ...args] = installCommand[manager];
    run(command, [...args, '-qq', ...packageNames(manager, missing)], { cwd: root, env, failure });
    const still = missingNeeds();
    if (still.length > 0) {
      throw new SetupError(
        `apt-get succeeded, but ${still.map((need) => need.what).join(', ')} cannot be found still; see docs/install.md.`,
      );
    }
  },
};
