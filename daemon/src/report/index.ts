export { composeReport } from './compose.js';
export type * from './data.js';
export type { ReportDocument } from './document.js';
export { numberText } from './figure/numbers.js';
export { htmlPage, renderHtml } from './html/page.js';
export { pdfFile, renderPdf } from './pdf/page.js';
