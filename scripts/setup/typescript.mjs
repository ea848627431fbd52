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
 * @param {string} project
 * @returns {readonly string[]}
 */
function sourcesOf(project) {
  return filesUnder(project, (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'));
}

/**
 * Where a project's source is compiled to: `src/a.ts` to `dist/a.js`; rooms without a `src` folder: `a.ts` to `dist/a.js`.
 * @param {string} project
 * @param {string} source
 * @returns {string}
 */
export function outputOf(project, source) {
  const inside = relative(project, source).replace(/^src[\\/]/, '');
  return join(project, 'dist', inside.replace(/\.ts$/, '.js'));
}

/** @type {import('./step.mjs').Step} */
export const typescript = {
  missing(root) {
    const compiledAt = changedAt(stampOf(root));
    if (compiledAt === null) return 'not compiled yet';
    const settings = ['tsconfig.base.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(root, name));
    for (const project of projects(root)) {
      const sources = sourcesOf(project);
      const changed = changedSince([...settings, join(project, 'tsconfig.json'), ...sources], compiledAt);
      if (changed !== null) return `${relative(root, changed)} has changed`;
      const lost = sources.map((source) => outputOf(project, source)).find((output) => changedAt(output) === null);
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
