/**
 * `npm run lint` reports, `npm run format` (`--fix`) repairs what can be repaired and reports the rest.
 * Names of tools as arguments run only those: `npm run lint -- eslint prettier`.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool, tools, unavailable } from './lint/tools.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const fix = words.includes('--fix');
const wanted = words.filter((word) => !word.startsWith('--'));

for (const tool of tools(root)) {
  if (wanted.length > 0 && !wanted.includes(tool.name)) continue;
  const reason = unavailable(tool);
  if (reason !== null) {
    console.log(`${tool.name}: left out, ${reason}`);
    continue;
  }
  const { ok, output } = await runTool(tool, root, fix);
  if (!ok) process.exitCode = 1;
  console.log(`${tool.name}: ${ok ? 'ok' : 'faults'}${output === '' || ok ? '' : `\n${output}`}`);
}
