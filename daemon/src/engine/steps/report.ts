import type { Grid } from '@chimerax-like/rpc';
import { composeReport, htmlPage, pdfFile, type ReportData, type ReportPart } from '../../report/index.js';
import { writeAtomically, writeFully } from '../../volumes/atomic-file.js';
import type { Step, StepContext } from '../context.js';
import { auditPart, type AuditForReport } from '../report/audit.js';
import { confidencePart, networkPart } from '../report/confidence.js';
import { halfMapPart, mapsPart, profilesPart } from '../report/curves.js';
import { bfactorsPart } from '../report/local-b.js';
import type { NamedMap } from '../report/named-map.js';
import { checkReportPaths, type ReportPaths } from '../report/paths.js';
import { optionsPart, provenancePart } from '../report/record.js';
import { slicesPart } from '../report/slices.js';
import { statisticsPart } from '../report/statistics-rows.js';
import { throwIfCancelled } from '../runner.js';
import type { SidecarRecord } from '../sidecar.js';
import type { ConfidenceScore } from './confidence-score.js';
import type { FscOutput } from './half-map-fsc.js';
import { type MapStatistics, mapStatistics } from './map-statistics.js';

export interface ReportInput {
  readonly paths: ReportPaths;
  /** Name of the map that the report is about. */
  readonly title: string;
  readonly grid: Grid;
  /** Unsharpened map, what it became, and what it is held against: the reference that it was scaled to, or the baseline of a prediction. */
  readonly map: Float32Array;
  readonly scaled: Float32Array;
  readonly reference?: Float32Array | undefined;
  /** What the reference is called; by default just so. */
  readonly referenceName?: 'reference' | 'baseline' | undefined;
  readonly mask?: Uint8Array | undefined;
  /** Å: end of the local fits, and for the Debye slope. By default where the half maps cross 0.143. */
  readonly resolution?: number | undefined;
  readonly fsc?: FscOutput | undefined;
  readonly audit?: AuditForReport | undefined;
  /** Of a prediction. */
  readonly score?: ConfidenceScore | undefined;
  /** What brought density that is not in the data, e.g. `The network emmernet_high`; null: contrast only. */
  readonly densityFrom: string | null;
  readonly record: SidecarRecord;
  /** Files that the run wrote. */
  readonly outputs: readonly { readonly role: string; readonly path: string }[];
  /** What parameters are called on the command line (`-wn, --window_size`); others keep their own name. */
  readonly flags: Readonly<Record<string, string>>;
  /** Of the windows that are drawn by chance. */
  readonly seed: number;
}

export interface WrittenReport {
  readonly files: readonly { readonly role: 'report' | 'report-pdf'; readonly path: string }[];
}

/**
 * Writes what a run did as an HTML page and a PDF file (docs/report.md). As good as it can be made: a part that fails is said in its
 * place and as a warning, a file that cannot be written as a warning; nothing but cancel ends the run.
 * Memory beyond the inputs: 45 bytes a voxel.
 */
export const report: Step<ReportInput, WrittenReport> = {
  name: 'report',
  version: 1,
  run: async (input, context) => {
    const { html, pdf } = input.paths;
    const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (error) {
        throwIfCancelled(context.signal);
        context.warn({ kind: 'report.failed', message: `${what} was not written: ${reasonOf(error)}` });
        return false;
      }
    };
    const allowed = await attempt('The report', () =>
      checkReportPaths(input.paths, [
        ...input.record.sources.map(({ source }) => source.path),
        ...input.outputs.map(({ path }) => path),
      ]),
    );
    if (!allowed) return { files: [] };
    const data = await gather(input, context);
    const document = composeReport(data);
    for (const failure of document.failures)
      context.warn({ kind: 'report.part-failed', message: `A part of the report is missing: ${failure}.` });
    const files: WrittenReport['files'][number][] = [];
    const write = async (role: 'report' | 'report-pdf', path: string, make: () => Promise<Buffer>): Promise<void> => {
      const done = await attempt(`The report ${path}`, async () => save(path, await make()));
      if (done) files.push({ role, path });
    };
    await write('report', html, () => Promise.resolve(Buffer.from(htmlPage(document))));
    context.report(0.95);
    await write('report-pdf', pdf, () => pdfFile(document, new Date(data.provenance?.writtenAt ?? 0)));
    return { files };
  },
};

const save = (path: string, bytes: Buffer): Promise<void> =>
  writeAtomically(path, bytes.length, (file) => writeFully(file, bytes));

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Computes all parts that the inputs allow. */
async function gather(input: ReportInput, context: StepContext): Promise<ReportData> {
  const { grid, mask, fsc, audit, score, record, densityFrom, seed, referenceName = 'reference' } = input;
  const resolution = input.resolution ?? fsc?.resolution['0.143'] ?? undefined;
  const { signal } = context;
  const maps: readonly NamedMap[] = [
    { name: 'input', voxels: input.map },
    ...(input.reference === undefined ? [] : [{ name: referenceName, voxels: input.reference }]),
    { name: 'output', voxels: input.scaled },
  ];
  const failures: { part: ReportPart; reason: string }[] = [];
  let done = 0;
  const part = async <T>(name: ReportPart, make: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await make();
    } catch (error) {
      throwIfCancelled(signal);
      failures.push({ part: name, reason: reasonOf(error) });
      return undefined;
    } finally {
      context.report((0.9 * ++done) / 8);
    }
  };
  const slices = await part('slices', () => slicesPart(maps, grid, mask));
  const profiles = await part('profiles', () => profilesPart(maps, grid, signal));
  const curves = await part('fsc', async () => [
    ...(fsc === undefined ? [] : [halfMapPart(fsc)]),
    await mapsPart(maps, grid, mask, signal),
  ]);
  const bfactors = await part('bfactors', () =>
    resolution === undefined || mask === undefined
      ? undefined
      : bfactorsPart(maps, grid, mask, resolution, seed, signal),
  );
  const statistics = await part('statistics', async () =>
    statisticsPart(await measured({ ...input, resolution }, context), referenceName),
  );
  const confidence = await part('confidence', () =>
    score === undefined || mask === undefined ? undefined : confidencePart(score, mask),
  );
  const network = await part('network', () => networkPart(record.provenance));
  const provenance = await part('provenance', () => provenancePart(record, input.outputs, new Date()));
  const { parameters, given } = record.provenance;
  return {
    title: input.title,
    origin: densityFrom === null ? { kind: 'contrast-only' } : { kind: 'adds-density', by: densityFrom },
    warnings: record.warnings,
    options: optionsPart(asRecord(parameters), asRecord(given), input.flags),
    failures,
    ...(slices === undefined ? {} : { slices }),
    ...(profiles === undefined ? {} : { profiles }),
    ...(curves === undefined ? {} : { fsc: curves }),
    ...(bfactors === undefined ? {} : { bfactors }),
    ...(audit === undefined ? {} : { audit: auditPart(audit) }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(network === undefined ? {} : { network }),
    ...(statistics === undefined ? {} : { statistics }),
    ...(provenance === undefined ? {} : { provenance }),
  };
}

async function measured(
  { map, scaled, reference, grid, mask, resolution, seed }: ReportInput,
  context: StepContext,
): Promise<readonly { readonly name: string; readonly found: MapStatistics }[]> {
  const common = {
    grid,
    mask: mask === undefined ? undefined : Float32Array.from(mask),
    reference,
    resolution,
    seed,
  };
  // The step inside tells a share of its own.
  const quiet = { ...context, report: () => undefined };
  return [
    { name: 'input', found: await mapStatistics.run({ ...common, map }, quiet) },
    { name: 'output', found: await mapStatistics.run({ ...common, map: scaled }, quiet) },
  ];
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
