import type { PartFailure, ReportData, ReportPart } from './data.js';
import type { Block, ReportDocument, Section } from './document.js';
import { auditBlocks, bfactorBlocks, fscBlocks, profileBlocks } from './parts/plots.js';
import { confidenceBlocks } from './parts/confidence.js';
import {
  originBlock,
  networkTable,
  optionsTable,
  provenanceBlocks,
  statisticsTable,
  warningBlocks,
} from './parts/tables.js';
import { sliceBlocks } from './parts/slices.js';

/**
 * Lays out a report. A part that cannot be laid out becomes a notice in its place, so that one bad curve does not cost the
 * rest; `failures` names such parts.
 */
export function composeReport(data: ReportData): ReportDocument {
  const failures: PartFailure[] = [...(data.failures ?? [])];
  const section = (part: ReportPart, title: string, build: () => readonly Block[]): Section | null => {
    const failed = failures.find((failure) => failure.part === part);
    if (failed !== undefined) return { id: part, title, blocks: [failureNotice(failed.reason)] };
    try {
      const blocks = build();
      return blocks.length === 0 ? null : { id: part, title, blocks };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ part, reason });
      return { id: part, title, blocks: [failureNotice(reason)] };
    }
  };
  const sections = [
    summary(data),
    section('slices', 'Sections', () => (data.slices === undefined ? [] : sliceBlocks(data.slices))),
    section('profiles', 'Radial profiles', () => (data.profiles === undefined ? [] : profileBlocks(data.profiles))),
    section('fsc', 'Fourier shell correlation', () => (data.fsc ?? []).flatMap(fscBlocks)),
    section('bfactors', 'Local B-factors', () => (data.bfactors === undefined ? [] : bfactorBlocks(data.bfactors))),
    section('audit', 'Audited profiles', () => (data.audit === undefined ? [] : auditBlocks(data.audit))),
    section('confidence', 'Confidence', () => (data.confidence === undefined ? [] : confidenceBlocks(data.confidence))),
    section('statistics', 'Map statistics', () =>
      data.statistics === undefined ? [] : [statisticsTable(data.statistics)],
    ),
    section('network', 'Network', () => (data.network === undefined ? [] : [networkTable(data.network)])),
    { id: 'options', title: 'Options', blocks: [optionsTable(data.options)] },
    section('provenance', 'Provenance', () => (data.provenance === undefined ? [] : provenanceBlocks(data.provenance))),
  ];
  const { provenance } = data;
  return {
    title: data.title,
    subtitle:
      provenance === undefined
        ? 'LocScale report'
        : [
            `${provenance.program} ${provenance.version}`,
            ...(provenance.recipe === undefined ? [] : [`recipe ${provenance.recipe}`]),
            provenance.writtenAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
          ].join(' · '),
    sections: sections.filter((part) => part !== null),
    failures: failures.map(({ part, reason }) => `${part}: ${reason}`),
  };
}

function summary(data: ReportData): Section | null {
  const blocks = [
    ...warningBlocks(data.warnings ?? []),
    ...(data.origin === undefined ? [] : [originBlock(data.origin)]),
  ];
  return blocks.length === 0 ? null : { id: 'summary', title: 'What to know first', blocks };
}

const failureNotice = (reason: string): Block => ({
  kind: 'notice',
  tone: 'caution',
  title: 'This part could not be made',
  text: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? '' : '.'}`,
});
