/** Step 2: the npm packages of the lock file. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, say } from './step.mjs';

/**
 * @typedef {{ readonly version?: string, readonly integrity?: string, readonly link?: boolean, readonly optional?: boolean,
 *   readonly devOptional?: boolean, readonly bin?: Readonly<Record<string, string>> }} LockEntry
 * @typedef {{ readonly packages: Readonly<Record<string, LockEntry>> }} LockFile
 */

/**
 * Compares what npm says it installed with what the lock file asks for. Contents, not dates: checking out another branch
 * and back must not reinstall everything.
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json
 * @returns {string | null} the first difference
 */
export function lockDifference(wanted, installed) {
  for (const [path, want] of Object.entries(wanted.packages)) {
    // Entries outside node_modules are the workspaces themselves; optional ones may be for another platform.
    if (!path.includes('node_modules/') || want.optional === true || want.devOptional === true) continue;
    const have = installed.packages[path];
    if (have === undefined) return `${path} is not installed`;
    if (have.version !== want.version || have.integrity !== want.integrity) return `${path} is of another version`;
  }
  return null;
}

/**
 * A command of a workspace (`locscale`) that npm has not linked yet, because its file came after the install.
 * @param {string} root
 * @param {LockFile} wanted
 * @returns {string | null}
 */
function unlinkedCommand(root, wanted) {
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === '' || path.includes('node_modules/')) continue;
    for (const [name, file] of Object.entries(entry.bin ?? {})) {
      if (existsSync(join(root, path, file)) && !existsSync(join(root, 'node_modules', '.bin', name))) return name;
    }
  }
  return null;
}

/** @type {import('./step.mjs').Step} */
export const nodeModules = {
  missing(root) {
    const installedPath = join(root, 'node_modules', '.package-lock.json');
    if (!existsSync(installedPath)) return 'node_modules is missing';
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const command = unlinkedCommand(root, wanted);
    if (command !== null) return `the command ${command} is not linked`;
    return lockDifference(wanted, JSON.parse(readFileSync(installedPath, 'utf8')));
  },

  make(root, reason) {
    say(`installing npm packages (${reason})`);
    // Under `npm test` the same npm is used that runs us.
    const npm = process.env['npm_execpath'];
    const [command, ...args] = npm?.endsWith('npm-cli.js') === true ? [process.execPath, npm, 'ci'] : ['npm', 'ci'];
    run(command, args, {
      cwd: root,
      // onnxruntime-node would download GPU libraries at install; the CPU ones ship inside the package.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      failure: 'npm could not install the packages of package-lock.json; check the network, then run this again.',
    });
  },
};
