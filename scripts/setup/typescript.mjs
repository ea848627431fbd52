/** Step 4: TypeScript to JavaScript, all rooms. */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { changedAt, changedSince, filesUnder } from './files.mjs';
import { run, say } from './step.mjs';

/** Its date is the start of the last compilation that succeeded. `tsc -b` alone takes a second to find nothing to do. */
const stampOf = (/** @type {string} */ root) => join(root, '.cache', 'setup', 'typescript');

/**
 * @param {string} root
 * @returns {readonly string[]} folders of the projects that are compiled
 */
function projects(root) {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));
  return references.map((/** @type {{ path: string }} */ reference) => join(root, reference.path));
}

/**
 * What a project compiles, with the file that each source becomes. Our projects have one of two forms: `src/` compiled to
 * `dist/`, or (rooms without a package) everything in the folder.
 * @param {string} project
 * @returns {readonly { readonly source: string, readonly output: string }[]}
 */
export function compiledFiles(project) {
  const { include, exclude = [] } = JSON.parse(readFileSync(join(project, 'tsconfig.json'), 'utf8'));
  const folder = include.includes('src') ? join(project, 'src') : project;
  // Patterns such as `src/**/*.test.ts`, and folders, which may be projects of their own.
  const patterns = exclude.filter((/** @type {string} */ each) => each.includes('*'));
  const left = patterns.map((/** @type {string} */ pattern) => pattern.split('*').at(-1));
  const folders = exclude
    .filter((/** @type {string} */ each) => !each.includes('*'))
    .map((/** @type {string} */ each) => join(project, each, '/'));
  const isCompiled = (/** @type {string} */ name) =>
    /\.tsx?$/.test(name) && !name.endsWith('.d.ts') && !left.some((/** @type {string} */ end) => name.endsWith(end));
  return filesUnder(folder, isCompiled)
    .filter((source) => !folders.some((/** @type {string} */ each) => source.startsWith(each)))
    .map((source) => ({
      source,
      output: join(project, 'dist', relative(folder, source).replace(/\.tsx?$/, '.js')),
    }));
}

/** @type {import('./step.mjs').Step} */
export const typescript = {
  missing(root) {
    const compiledAt = changedAt(stampOf(root));
    if (compiledAt === null) return 'not compiled yet';
    const settings = ['tsconfig.base.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(root, name));
    for (const project of projects(root)) {
      const files = compiledFiles(project);
      const sources = [...settings, join(project, 'tsconfig.json'), ...files.map((file) => file.source)];
      const changed = changedSince(sources, compiledAt);
      if (changed !== null) return `${relative(root, changed)} has changed`;
      const lost = files.map((file) => file.output).find((output) => changedAt(output) === null);
      if (lost !== undefined) return `${relative(root, lost)} is missing`;
    }
    return null;
  },

  make(root, reason) {
    say(`compiling TypeScript (${reason})`);
    const startedAt = new Date();
    // An output that was deleted by hand does not come back without --force: tsc looks only at its own build record.
    const args = ['-b', 'tsconfig.build.json', ...(reason.endsWith('is missing') ? ['--force'] : [])];
    run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ...args], {
      cwd: root,
      failure: 'TypeScript did not compile; the compiler’s messages stand above.',
    });
    mkdirSync(dirname(stampOf(root)), { recursive: true });
    writeFileSync(stampOf(root), '');
    utimesSync(stampOf(root), startedAt, startedAt);
  },
};
