import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './step.mjs';

/**
 * @param {string} found version such as `20.19.1`
 * @param {string} range the only form used in package.json: `>=MAJOR.MINOR`
 * @returns {boolean}
 */
export function satisfies(found, range) {
  const [wantMajor = 0, wantMinor = 0] = range.replace('>=', '').split('.').map(Number);
  const [major = 0, minor = 0] = found.split('.').map(Number);
  return major > wantMajor || (major === wantMajor && minor >= wantMinor);
}

/** @param {string} root */
export function checkNodeVersion(root) {
  const range = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  if (satisfies(process.versions.node, range)) return;
  throw new SetupError(
    `this is Node ${process.versions.node}, but Node ${range} is needed; install a newer one from nodejs.org.`,
  );
}
