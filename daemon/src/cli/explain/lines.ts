import { recipes, type RecipeDescriptor } from '@chimerax-like/rpc';
import { duration } from '../output/duration.js';
import type { CheckedInput, State } from './checks.js';
import type { FoundRecord, MapRecord, RecordedStep } from './record.js';

export interface Explanation {
  readonly map: string;
  readonly found: FoundRecord;
  readonly mapState: State;
  readonly inputs: readonly CheckedInput[];
}

const mapStates: Readonly<Record<State, string>> = {
  same: 'its voxels are those that were written',
  changed: 'CHANGED: its voxels are not those that were written',
  unknown: 'whether it is the one that was written cannot be told: the record has no hash of it',
  missing: 'MISSING: it is no longer there',
  unreadable: 'CANNOT BE READ as a map (see `locscale validate`)',
};
const inputStates: Readonly<Record<State, string>> = {
  same: 'unchanged',
  changed: 'CHANGED: the file now holds something else',
  missing: 'MISSING: the file is no longer there',
  unreadable: 'CANNOT BE READ: not a file, or no permission',
  unknown: 'the record has no hash of it',
};

/** How a map came to be, for people. */
export function explanationLines({ map, found, mapState, inputs }: Explanation): readonly string[] {
  const { record, output, path } = found;
  const version = record.version === undefined ? '' : ` ${record.version}`;
  const when = record.writtenAt === undefined ? '' : ` on ${record.writtenAt.slice(0, 19).replace('T', ' ')} UTC`;
  const recipe = record.recipe === undefined ? '' : `, recipe ${record.recipe}`;
  return [
    `${map} was made by LocScale${version}${when}${recipe}.`,
    `The map: ${mapStates[mapState]}.`,
    ...(output.role === undefined ? [] : [`It is the output "${output.role}".`]),
    ...(output.path === undefined || output.path === map ? [] : [`It was written as ${output.path}.`]),
    ...section('Inputs', inputs.flatMap(inputLines)),
    ...section('Parameters', parameterLines(record)),
    ...section('Steps', stepLines(record)),
    ...section(
      'Warnings',
      (record.warnings ?? []).map(({ message }) => message),
    ),
    ...section(
      'Time of each step',
      Object.entries(record.timingsSeconds ?? {}).map(([step, seconds]) => row(step, duration(seconds))),
    ),
    ...section('Written with it', companionLines(found)),
    ...section('Also recorded', restLines(found)),
    '',
    `Record: ${path}`,
  ].map(safe);
}

/** A record can come from anybody, and control characters act on terminals. */
const safe = (line: string): string => line.replaceAll(/\p{Cc}|\p{Cf}/gu, '?');

const row = (name: string, value: string): string => `${name.padEnd(22)} ${value}`;
const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

function inputLines({ input, path, name, sha256, state }: CheckedInput): readonly string[] {
  return [
    row(input, `${name === null ? '' : `${name}, uploaded as `}${path}`),
    row('', inputStates[state]),
    ...(sha256 === null ? [] : [row('', `sha256 ${sha256}`)]),
  ];
}

/** Numbers as they are, lists with commas, everything else as JSON. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'number' || typeof item === 'string'))
    return value.join(', ');
  return JSON.stringify(value);
}

interface Field {
  meta(): { readonly unit?: unknown; readonly cli?: unknown } | undefined;
}

/** Units and command-line names of the parameters, from the description of the recipe if this version has it. */
function fieldsOf(recipe: string | undefined): Readonly<Record<string, Field>> {
  const known: Readonly<Record<string, RecipeDescriptor>> = recipes;
  const schema: unknown = recipe === undefined || !Object.hasOwn(known, recipe) ? undefined : known[recipe]?.parameters;
  const isShaped = typeof schema === 'object' && schema !== null && 'shape' in schema;
  return isShaped ? (schema.shape as Readonly<Record<string, Field>>) : {};
}

function parameterLines({ recipe, parameters = {}, given = {} }: MapRecord): readonly string[] {
  const fields = fieldsOf(recipe);
  const names = [...new Set([...Object.keys(parameters), ...Object.keys(given)])];
  return names.map((name) => {
    const meta = Object.hasOwn(fields, name) ? fields[name]?.meta() : undefined;
    const value = Object.hasOwn(parameters, name) ? parameters[name] : given[name];
    const unit = typeof meta?.unit === 'string' && typeof value !== 'string' ? ` ${meta.unit}` : '';
    const option = typeof meta?.cli === 'string' ? ` [${meta.cli}]` : '';
    const origin = Object.hasOwn(given, name) ? `given as ${text(given[name])}` : 'chosen by the program';
    return row(name, `${text(value)}${unit}, ${origin}${option}`);
  });
}

/** A key is shown by as many digits as tell it from others. */
const shortKey = (text: string): string => (/^[0-9a-f]{64}$/u.test(text) ? text.slice(0, 12) : text);
/** Where the result of a step came from, as the record says it and as people read it. */
const origins: Readonly<Record<string, string>> = {
  computed: 'computed',
  store: 'found in the store',
  'not run': 'not run, as nothing needed its result',
};
const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function stepLines({ steps }: MapRecord): readonly string[] {
  if (steps === undefined) return [];
  if (!Array.isArray(steps)) return Object.entries(steps).map(([name, version]) => row(name, `version ${version}`));
  const names = new Map(steps.flatMap((step) => (isText(step['key']) ? [[step['key'], step.name] as const] : [])));
  return steps.flatMap((step) => oneStep(step, names));
}

function oneStep(step: RecordedStep, names: ReadonlyMap<string, string>): readonly string[] {
  const { name, version, key, from, inputs, parameters, ...rest } = step;
  const origin = isText(from) ? `, ${Object.hasOwn(origins, from) ? (origins[from] ?? from) : from}` : '';
  const source = (value: unknown): string => (isText(value) ? (names.get(value) ?? shortKey(value)) : text(value));
  return [
    row(name, `version ${version}${origin}${isText(key) ? `, key ${shortKey(key)}` : ''}`),
    ...(isObject(inputs)
      ? Object.entries(inputs).map(([field, value]) => row('', `${field} from ${source(value)}`))
      : []),
    ...Object.entries({ ...(isObject(parameters) ? parameters : {}), ...rest }).map(([field, value]) =>
      row('', `${field} ${clipped(text(value))}`),
    ),
  ];
}

/** Longest value that is printed whole; `--json` gives everything. */
const longestValue = 240;
const clipped = (value: string): string =>
  value.length > longestValue ? `${value.slice(0, longestValue)}… (all of it with --json)` : value;

/** Fields that have a place above, in the record and of its output. */
const placed = [
  'version',
  'writtenAt',
  'recipe',
  'inputs',
  'parameters',
  'given',
  'steps',
  'timingsSeconds',
  'warnings',
  'output',
  'otherOutputs',
];
const placedOfOutput = ['role', 'path', 'voxelsSha256'];

/** What has no place above; a field of a form that we do not understand has none either. */
function restLines({ raw, record, output }: FoundRecord): readonly string[] {
  const isPlaced = (name: string): boolean =>
    name === 'program' || (placed.includes(name) && record[name] !== undefined);
  return [
    ...Object.entries(output).filter(([name]) => !placedOfOutput.includes(name)),
    ...Object.entries(raw).filter(([name]) => !isPlaced(name)),
  ].map(([name, value]) => row(name, clipped(text(value))));
}

/** The maps that were written with this one. */
const companionLines = ({ record: { output, otherOutputs = [] }, output: explained }: FoundRecord): readonly string[] =>
  [...(output === undefined ? [] : [output]), ...otherOutputs]
    .filter(({ path }) => path !== undefined && path !== explained.path)
    .map(({ role, path }) => row(role ?? 'map', path ?? ''));
