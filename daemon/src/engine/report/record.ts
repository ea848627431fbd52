import { basename } from 'node:path';
import { numberText, type Provenance, type ReportOption, type ReportStep } from '../../report/index.js';
import type { SidecarRecord } from '../sidecar.js';
import { programVersion } from '../version.js';

/** What the report says of where a map comes from: the sidecar's record in words. */
export function provenancePart(
  record: SidecarRecord,
  outputs: readonly { readonly role: string; readonly path: string }[],
  writtenAt: Date,
): Provenance {
  const { recipe } = record.provenance;
  return {
    program: 'LocScale',
    version: programVersion,
    ...(typeof recipe === 'string' ? { recipe } : {}),
    writtenAt: writtenAt.toISOString(),
    inputs: record.sources.map(({ name, source, grid, file }) => ({
      role: name,
      name: source.kind !== 'raw' && source.name !== undefined ? source.name : source.path,
      sha256: file.sha256,
      ...(grid === undefined ? {} : { shape: grid.shape, voxelSize: grid.voxelSize }),
    })),
    outputs: outputs.map(({ role, path }) => ({ role, name: basename(path) })),
    steps: stepsOf(record),
  };
}

function stepsOf({ provenance, timings }: SidecarRecord): readonly ReportStep[] {
  const { steps } = provenance;
  if (!Array.isArray(steps)) return [];
  const seen = new Set<string>();
  return steps.flatMap((step: unknown): ReportStep[] => {
    if (typeof step !== 'object' || step === null || !('name' in step) || !('version' in step)) return [];
    const [name, version] = [String(step.name), Number(step.version)];
    const from = 'from' in step ? step.from : 'computed';
    if (from === 'not run') return [];
    // Timings are sums over all runs of a step; they stand at its first.
    const seconds = seen.has(name) ? undefined : timings[name];
    seen.add(name);
    return [
      { name, version, ...(seconds === undefined ? {} : { seconds }), ...(from === 'store' ? { reused: true } : {}) },
    ];
  });
}

/** Parameters of a recipe with what was given; `flags`: their names on the command line, where they have one. */
export function optionsPart(
  parameters: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, string>>,
): readonly ReportOption[] {
  return (
    Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      // A part of its own tells the rest of a network.
      .map(([name, value]) => [name, name === 'network' ? nameIn(value) : value] as const)
      .map(([name, value]) => ({
        name: flags[name] ?? name,
        value: valueText(value),
        source: name in given ? 'given' : 'default',
      }))
  );
}

const nameIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'name' in value ? value.name : value;

/** A value for people: numbers with six digits, lists with commas. */
export function valueText(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'on' : 'off';
    case 'string':
      return value;
    // Voxel sizes are float32 in a header: six digits are what they mean.
    case 'number':
      return numberText(value, 6);
    case 'object':
      if (value === null) return 'none';
      return Array.isArray(value) ? value.map(valueText).join(', ') : JSON.stringify(value);
    default:
      return String(value);
  }
}

/** What the fields of a recipe are called on the command line, from their descriptor. */
export const flagsOf = (
  fields: Readonly<Record<string, { readonly meta: () => Readonly<Record<string, unknown>> | undefined }>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const flag = field.meta()?.['cli'];
      return typeof flag === 'string' ? [[name, flag] as const] : [];
    }),
  );
