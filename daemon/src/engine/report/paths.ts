import { isAbsolute, parse, resolve } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { assertNotInput } from '../../volumes/index.js';
import { documentPath } from '../output-path.js';

/** The two files of a report. */
export interface ReportPaths {
  readonly html: string;
  readonly pdf: string;
}

/**
 * `<stem of the map>_report.html` and `.pdf` beside the map; a name that the user chose (`--report_filename`) takes the place
 * of the stem, and an ending `.pdf` or `.html` of it is left out. A relative name means the folder of the map.
 */
export function reportPaths(outputPath: string, chosen: string | undefined): ReportPaths {
  if (chosen === undefined)
    return { html: documentPath(outputPath, '_report.html'), pdf: documentPath(outputPath, '_report.pdf') };
  const stem = chosen.replace(/\.(pdf|html?)$/i, '');
  if (stem === '' || /[/\\]$/.test(stem) || stem.includes('\0'))
    throw new LocScaleError(
      'input.parameter',
      `The report name "${chosen}" names no file; give a name without an ending, e.g. locscale_report.`,
    );
  const path = isAbsolute(stem) ? stem : resolve(parse(outputPath).dir, stem);
  return { html: `${path}.html`, pdf: `${path}.pdf` };
}

/** Refuses a report that would be written over an input, under whatever name. */
export async function checkReportPaths({ html, pdf }: ReportPaths, inputs: readonly string[]): Promise<void> {
  await assertNotInput(html, inputs);
  await assertNotInput(pdf, inputs);
}
