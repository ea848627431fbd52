/**
 * Derives the theoretical profiles and holds them against the published curve.
 *
 *   node theory/dist/main.js [--models FOLDER] [--write]
 *
 * `--models`: a folder of deposited structures (.pdb.gz, .cif.gz) with index.json. From it come the profiles of nucleic
 * acids, and those of deposited proteins, which are shown but not kept. `--write`: into the data of the daemon; without
 * a folder, its nucleic acids stay as they are.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { frequencyAxis, publishedPoints } from './amplitudes.js';
import { depositedClasses } from './deposited.js';
import {
  derivationVersion,
  type DerivedProfile,
  deriveDeposited,
  deriveSimulated,
  directionsPerStructure,
} from './derive.js';
import { compareShapes, describeShape } from './shape.js';
import { simulatedClasses } from './simulated.js';

const folder = new URL('../../daemon/data/theoretical-profiles/', import.meta.url);

interface DataFile {
  readonly profiles: Readonly<Record<string, DerivedProfile>>;
}
const dataFile = (name: string): DataFile => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as DataFile;

const { values } = parseArgs({ options: { models: { type: 'string' }, write: { type: 'boolean', default: false } } });
const axis = frequencyAxis();
const frequencies = axis.subarray(0, publishedPoints);
const published = dataFile('locscale-2.3.1.json').profiles['locscale-helix'];
if (published === undefined) throw new Error('locscale-2.3.1.json holds no profile locscale-helix.');

const show = (name: string, { amplitudes }: DerivedProfile): void => {
  const { peak, wilsonB } = describeShape(amplitudes, frequencies);
  const { rms, correlation } = compareShapes(amplitudes, published.amplitudes, frequencies);
  const numbers = [
    `B ${wilsonB.toFixed(1)} Å²`,
    `peak ${peak.height.toFixed(3)} at ${peak.resolution.toFixed(2)} Å`,
    `from the published helix: rms ${rms.toFixed(3)}, correlation ${correlation.toFixed(3)}`,
  ];
  console.log(`${name.padEnd(18)} ${numbers.join('; ')}`);
};

show('published helix', published);
const simulated = simulatedClasses.map((name) => [name, deriveSimulated(name)] as const);
for (const [name, profile] of simulated) show(name, profile);

const kept: [string, DerivedProfile][] = [];
if (values.models !== undefined) {
  for (const [name, structures] of Object.entries(depositedClasses(values.models))) {
    const profile = deriveDeposited(structures);
    show(`deposited ${name}`, profile);
    if (name === 'rna' || name === 'dna') kept.push([name, profile]);
  }
}

if (values.write) {
  const nucleic =
    kept.length > 0
      ? kept
      : Object.entries(dataFile('derived.json').profiles).filter(([name]) => /^[rd]na$/.test(name));
  const data = {
    source: `Derived by this project: theory/, version ${derivationVersion}; docs/theoretical-profile.md says how, and how to regenerate it.`,
    date: new Date().toISOString().slice(0, 10),
    meaning: `Mean of |F| over ${directionsPerStructure} directions, atoms at rest, over the root of the sum of f(0)², averaged over structures.`,
    frequencies: { first: axis[0], last: axis.at(-1), points: axis.length, unit: '1/Å' },
    profiles: Object.fromEntries([...simulated, ...nucleic]),
  };
  // `npm run format` lays it out.
  writeFileSync(new URL('derived.json', folder), `${JSON.stringify(data, null, 2)}\n`);
}
