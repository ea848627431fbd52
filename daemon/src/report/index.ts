import type { ReportDocument } from './document.js';

export { composeReport } from './compose.js';
export type * from './data.js';
export type { ReportDocument } from './document.js';
export { numberText } from './figure/numbers.js';
export { htmlPage, renderHtml } from './html/page.js';

/** The report as a PDF file. Its library is loaded only here: that takes longer than a small map takes to be sharpened. */
export async function pdfFile(report: ReportDocument, writtenAt: Date): Promise<Buffer> {
  const page = await import('./pdf/page.js');
  return page.pdfFile(report, writtenAt);
}
