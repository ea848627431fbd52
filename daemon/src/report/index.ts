export { composeReport } from './compose.js';
export type * from './data.js';
export type { ReportDocument } from './document.js';
export { renderHtml } from './html/page.js';
export { renderPdf } from './pdf/page.js';
