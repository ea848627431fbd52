/**
 * Which profile gives maps nearer to the truth, the octant or full shells? Sharpens noisy simulated maps with both and
 * prints how near they come: node bench/profiles/dist/main.js [SOURCE ...] [--seeds N] [--shared FOLDER] [--json].
 * docs/profiles.md says what was found.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, references } from './measure.js';
import { header, rowOf, summarise } from './report.js';
import { sourcesIn } from './sources.js';

const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string', default: '6' },
    // Beside the repository; this file runs from bench/profiles/dist.
    shared: { type: 'string', default: fileURLToPath(new URL('../../../../shared', import.meta.url)) },
    json: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const say = (text: string): void => (values.json ? console.error(text) : console.log(text));

for (const { name, missing, experiments } of sourcesIn(values.shared, Number(values.seeds))) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  if (missing !== null) {
    say(`${name}: left out, ${missing}`);
    continue;
  }
  say(`\n${name}\n${header}`);
  const results = [];
  for (const make of experiments) {
    const experiment = await make();
    for (const reference of references) {
      const result = await measure(experiment, reference);
      results.push(result);
      say(rowOf(result));
      if (values.json) console.log(JSON.stringify({ source: name, ...result }));
    }
  }
  for (const reference of references) {
    say(summarise(results.filter((result) => result.reference === reference)));
  }
}
