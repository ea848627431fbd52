/** Step 3: the native addon, built by node-gyp. */
import { existsSync, readFileSync, realpathSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { changedAt, changedSince, filesUnder } from './files.mjs';
import { run, say } from './step.mjs';

/**
 * One addon file for each target of binding.gyp.
 * @param {string} root
 * @returns {readonly string[]}
 */
function outputs(root) {
  const gyp = readFileSync(join(root, 'native', 'binding.gyp'), 'utf8');
  const names = [...gyp.matchAll(/'target_name':\s*'(\w+)'/g)].map((match) => match[1] ?? '');
  if (names.length === 0) throw new Error('native/binding.gyp names no target in the form that is looked for here');
  return names.map((name) => join(root, 'native', 'build', 'Release', `${name}.node`));
}

/**
 * Headers of the running Node, when they were installed with it; node-gyp would download them otherwise.
 * @returns {readonly string[]}
 */
function headerArguments() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

/** @type {import('./step.mjs').Step} */
export const addon = {
  missing(root) {
    const sources = filesUnder(join(root, 'native'), (name) => /\.(cc|h|gyp)$/.test(name));
    for (const output of outputs(root)) {
      const builtAt = changedAt(output);
      if (builtAt === null) return `${relative(root, output)} is missing`;
      const changed = changedSince(sources, builtAt);
      if (changed !== null) return `${relative(root, changed)} has changed`;
    }
    return null;
  },

  make(root, reason) {
    say(`building the native addon, a minute or two (${reason})`);
    const startedAt = new Date();
    const native = join(root, 'native');
    const gyp = createRequire(join(native, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
    const options = [...headerArguments(), `--jobs=${String(availableParallelism())}`];
    run(process.execPath, [gyp, 'configure', 'build', ...options], {
      cwd: native,
      failure:
        'the native addon did not build; the compiler’s message stands above, docs/install.md lists what is needed.',
    });
    // make leaves a file alone when only a comment of an unused header changed; the date says that we looked.
    for (const output of outputs(root)) utimesSync(output, startedAt, startedAt);
  },
};
