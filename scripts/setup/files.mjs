import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Packages, build outputs and what git keeps for itself (.gitignore). */
const skipped = new Set(['.git', '.cache', 'node_modules', 'dist', 'build', 'coverage', 'demo-output', '__pycache__']);

/**
 * All files under a folder that the filter keeps.
 * @param {string} folder
 * @param {(name: string) => boolean} keep
 * @returns {readonly string[]} paths that begin with `folder`
 */
export function filesUnder(folder, keep) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesUnder(path, keep);
    return entry.isFile() && keep(entry.name) ? [path] : [];
  });
}

/**
 * @param {string} path
 * @returns {number | null} time of the last change in milliseconds, null when there is no such file
 */
export function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/**
 * @param {readonly string[]} paths
 * @param {number} since milliseconds
 * @returns {string | null} the first file changed after that time
 */
export function changedSince(paths, since) {
  return paths.find((path) => (changedAt(path) ?? Infinity) > since) ?? null;
}
