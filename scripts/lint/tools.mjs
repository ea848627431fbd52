/** The checkers, one entry each: what they look at, how they check, how they repair. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { filesUnder } from '../setup/files.mjs';

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {readonly string[]} command
 * @property {readonly string[]} check arguments that only report
 * @property {readonly string[] | null} fix arguments that repair, null when it cannot
 * @property {readonly string[]} files what is added to the arguments
 * @property {{ readonly args: readonly string[], readonly expect: RegExp, readonly install: string }} [optional] not part of
 *   the npm packages: looked for, and left out visibly when it is not there or another version
 */

/**
 * @param {string} root
 * @returns {readonly Tool[]}
 */
export function tools(root) {
  const bin = (/** @type {string} */ name) => [process.execPath, join(root, 'node_modules', name)];
  const native = filesUnder(join(root, 'native'), (name) => /\.(cc|h)$/.test(name));
  const python = filesUnder(root, (name) => name.endsWith('.py'));
  return [
    { name: 'tsc', command: bin('typescript/bin/tsc'), check: ['-b', 'tsconfig.json'], fix: null, files: [] },
    { name: 'eslint', command: bin('eslint/bin/eslint.js'), check: ['--max-warnings=0'], fix: ['--fix'], files: ['.'] },
    {
      name: 'prettier',
      command: bin('prettier/bin/prettier.cjs'),
      check: ['--check', '--log-level=warn'],
      fix: ['--write', '--log-level=warn'],
      files: ['.'],
    },
    {
      name: 'clang-format',
      command: ['clang-format'],
      check: ['--dry-run', '--Werror'],
      fix: ['-i'],
      files: native,
      // Each release breaks lines a little differently, so one is fixed: Debian 12's.
      optional: { args: ['--version'], expect: /version 14\./, install: 'apt-get install clang-format (version 14)' },
    },
    {
      name: 'black',
      command: ['black'],
      check: ['--check', '--quiet'],
      fix: ['--quiet'],
      files: python,
      optional: { args: ['--version'], expect: /black/, install: 'apt-get install black' },
    },
    {
      name: 'flake8',
      command: ['flake8'],
      check: [],
      fix: null,
      files: python,
      optional: { args: ['--version'], expect: /\d/, install: 'apt-get install flake8' },
    },
  ];
}

/**
 * @param {Tool} tool
 * @returns {string | null} why the tool is left out
 */
export function unavailable(tool) {
  if (tool.files.length === 0 && tool.name !== 'tsc') return 'no files for it';
  if (tool.optional === undefined) return null;
  const { args, expect, install } = tool.optional;
  const asked = spawnSync(tool.command[0] ?? '', args, { encoding: 'utf8' });
  if (asked.error !== undefined) return `not installed: ${install}`;
  return expect.test(asked.stdout) ? null : `${asked.stdout.trim()} is another version: ${install}`;
}

/**
 * @param {Tool} tool
 * @param {string} root
 * @param {boolean} fix
 * @returns {Promise<{ readonly ok: boolean, readonly output: string }>}
 */
export function runTool(tool, root, fix) {
  const [command = '', ...first] = tool.command;
  const args = [...first, ...(fix && tool.fix !== null ? tool.fix : tool.check), ...tool.files];
  return new Promise((resolve) => {
    execFile(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      resolve({ ok: error === null, output: output === '' && error !== null ? error.message : output });
    });
  });
}
