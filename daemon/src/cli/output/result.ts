import type { Job, Warning } from '@chimerax-like/rpc';
import { exitCodeOf } from '../exit-codes.js';
import type { VisibleError } from '../command-line-error.js';
import { duration } from './duration.js';

/** What a sharpening run ended with; `--json` prints it as it is. */
export interface SharpenResult {
  readonly ok: true;
  /** Job of the daemon, null when computed in process. */
  readonly job: string | null;
  readonly output: string;
  readonly files: Job['files'];
  /** Voxels that were scaled; null when the sidecar does not say. */
  readonly scaledVoxels: number | null;
  /** Edge of the window in voxels. */
  readonly windowSize: number | null;
  /** Wall time of the whole command in s. */
  readonly seconds: number;
  /** Wall time of each step in s. */
  readonly timings: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
  readonly notes: readonly string[];
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** The main numbers of a run, from the provenance that the engine wrote. */
export function mainNumbers(provenance: Readonly<Record<string, unknown>>): {
  readonly scaledVoxels: number | null;
  readonly windowSize: number | null;
} {
  const parameters = provenance['parameters'];
  const windowSize =
    typeof parameters === 'object' && parameters !== null && 'windowSize' in parameters ? parameters.windowSize : null;
  return { scaledVoxels: numberOrNull(provenance['scaledVoxels']), windowSize: numberOrNull(windowSize) };
}

const countOf = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** The lines that a person reads on standard output: the path first, so that `| head -1` gives it to a script. */
export function resultLines(result: SharpenResult): readonly string[] {
  const facts = [
    result.scaledVoxels === null ? null : `${result.scaledVoxels.toLocaleString('en')} voxels scaled`,
    result.windowSize === null ? null : `window ${result.windowSize} voxels`,
    duration(result.seconds),
    result.warnings.length === 0 ? null : `${countOf(result.warnings.length, 'warning')} (see -v or the sidecar)`,
  ];
  return [result.output, facts.filter((fact) => fact !== null).join(', ')];
}

const warningLine = ({ kind, message }: Warning): string => `Warning (${kind}): ${message}`;

/** What is said even without `-v`: a model that does not lie in the map makes the result worthless. */
export const doubtLines = ({ warnings }: SharpenResult): readonly string[] =>
  warnings.filter(({ kind }) => kind.startsWith('placement.')).map(warningLine);

/** What `-v` adds, on the error stream. */
export function verboseLines(result: SharpenResult): readonly string[] {
  const steps = Object.entries(result.timings).map(([step, seconds]) => `  ${step.padEnd(24)} ${duration(seconds)}`);
  return [
    ...(steps.length === 0 ? [] : ['Time of each step:', ...steps]),
    ...(result.files.length === 0 ? [] : ['Files:', ...result.files.map((f) => `  ${f.role.padEnd(24)} ${f.path}`)]),
    ...result.warnings.map(warningLine),
  ];
}

/** The one JSON object of a run that failed. */
export const failureJson = (error: VisibleError): string =>
  JSON.stringify({ ok: false, error: { ...error, exitCode: exitCodeOf(error.kind) } });
