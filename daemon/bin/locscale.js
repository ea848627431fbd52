#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);

/** @param {string} what */
function notInstalled(what) {
  process.stderr.write(`locscale: ${what}; run \`npm run setup\` in the folder of the project.\n`);
  process.exitCode = 6;
}

if (existsSync(main)) {
  try {
    await import(main.href);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    // The message names the package, then after " imported from" the file that asked for it.
    notInstalled(`A part of the program is missing (${error.message.split(' imported from')[0]})`);
  }
} else {
  notInstalled('The program is not built yet');
}
