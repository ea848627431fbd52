/** Step 5: the page that the daemon serves, bundled from the compiled plugin. */
import { join, relative } from 'node:path';
import { changedAt, changedSince, filesUnder } from './files.mjs';
import { run, say } from './step.mjs';

/** @type {import('./step.mjs').Step} */
export const page = {
  missing(root) {
    const plugin = join(root, 'plugins', 'molstar');
    const builtAt = changedAt(join(plugin, 'dist', 'page', 'index.html'));
    if (builtAt === null) return 'the page is not built yet';
    const ours = ['page.html', 'page.css', 'package.json'].map((name) => join(plugin, name));
    const isSource = (/** @type {string} */ name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts');
    const sources = [join(plugin, 'src'), join(root, 'protocol', 'src')].flatMap((folder) =>
      filesUnder(folder, isSource),
    );
    const changed = changedSince([join(root, 'scripts', 'build-page.mjs'), ...ours, ...sources], builtAt);
    return changed === null ? null : `${relative(root, changed)} has changed`;
  },

  make(root, reason) {
    say(`building the page (${reason})`);
    run(process.execPath, [join(root, 'scripts', 'build-page.mjs')], {
      cwd: root,
      failure: 'the page did not build; the bundler’s message stands above.',
    });
  },
};
