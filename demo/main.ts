/**
 * `npm run demo`: sharpens a simulated map through the daemon and writes a page that compares the result with the truth.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { measuredMaps } from './analysis/compare.js';
import { runDemo } from './run.js';

// From demo/dist/ to the root of the repository.
const output = fileURLToPath(new URL('../../demo-output', import.meta.url));
const terminal = process.stdout.isTTY;

console.log('LocScale demonstration: a simulated map, sharpened by the daemon, compared with the truth\n');
try {
  const { page, findings, seconds } = await runDemo({
    output,
    seed: 1,
    edge: 112,
    voxelSize: 1,
    resolution: 3.2,
    onPart: (part, took) =>
      console.log(`${terminal ? '\r\u001b[K' : ''}  ${part.padEnd(42)} ${took.toFixed(2).padStart(6)} s`),
    onProgress: ({ fraction, step }) => {
      if (terminal) process.stdout.write(`\r\u001b[K  ${step} ${Math.round(100 * fraction)} %`);
    },
  });
  console.log(`  ${'all'.padEnd(42)} ${seconds.toFixed(2).padStart(6)} s\n`);
  const [before, , after] = measuredMaps.map((map) => findings.maps[map].correlations[0]?.toFixed(3));
  console.log(`Correlation with the truth over the molecule: ${before ?? '?'} before, ${after ?? '?'} after.`);
  console.log(`Page: ${page}\n      ${pathToFileURL(page).href}`);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
