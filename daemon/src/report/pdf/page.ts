import { composeReport } from '../compose.js';
import type { ReportData } from '../data.js';
import type { Block, ReportDocument, Section } from '../document.js';
import { inks } from '../figure/ink.js';
import { drawFigure } from './figure.js';
import { drawPictures, picturesHeight } from './pictures.js';
import { Sheet, type TextStyle } from './sheet.js';
import { drawTable } from './table.js';

const styles = {
  title: { size: 21, ink: 'text', weight: 'bold' },
  subtitle: { size: 10.5, ink: 'muted', weight: 'regular' },
  heading: { size: 14, ink: 'text', weight: 'bold' },
  text: { size: 10, ink: 'text', weight: 'regular' },
  caption: { size: 9, ink: 'muted', weight: 'regular' },
  cautionTitle: { size: 10, ink: 'caution', weight: 'bold' },
  plainTitle: { size: 10, ink: 'text', weight: 'bold' },
} as const satisfies Readonly<Record<string, TextStyle>>;

/** A report as a PDF file, without a browser. */
export const renderPdf = (data: ReportData): Promise<Buffer> =>
  pdfFile(composeReport(data), new Date(data.provenance?.writtenAt ?? 0));

/** Lays out a document that is composed already. The same document and date give the same bytes. */
export async function pdfFile(report: ReportDocument, writtenAt: Date): Promise<Buffer> {
  const sheet = new Sheet(`${report.title} – LocScale report`, writtenAt);
  sheet.paragraph('H1', report.title, styles.title, 3);
  sheet.paragraph('P', report.subtitle, styles.subtitle, 8);
  rule(sheet);
  const counts = { figures: 0, tables: 0 };
  for (const section of report.sections) drawSection(sheet, section, counts);
  return sheet.finish(report.title);
}

interface Counts {
  figures: number;
  tables: number;
}

function drawSection(sheet: Sheet, { title, blocks }: Section, counts: Counts): void {
  sheet.y += 16;
  // A heading stays with what it heads, and so does a sentence behind it.
  const lead = blocks.slice(0, blocks[0]?.kind === 'text' ? 2 : 1);
  sheet.reserve(30 + lead.reduce((sum, block) => sum + Math.min(heightOf(sheet, block), 400), 0));
  sheet.bookmark(title);
  sheet.paragraph('H2', title, styles.heading, 6);
  for (const block of blocks) drawBlock(sheet, block, counts);
}

function drawBlock(sheet: Sheet, block: Block, counts: Counts): void {
  switch (block.kind) {
    case 'text':
      sheet.paragraph('P', block.text, styles.text, 6);
      return;
    case 'notice':
      drawNotice(sheet, block);
      return;
    case 'table': {
      const caption = `Table ${++counts.tables}. ${block.caption}`;
      sheet.y += 4;
      sheet.reserve(70);
      sheet.paragraph('Caption', caption, styles.caption, 3);
      drawTable(sheet, block);
      sheet.y += 12;
      return;
    }
    case 'figure': {
      const { figure } = block;
      const scale = sheet.width / figure.width;
      sheet.reserve(heightOf(sheet, block));
      const { left, y } = sheet;
      sheet.tag(
        'Figure',
        () => {
          drawFigure(sheet, figure, left, y, scale);
        },
        { alt: figure.description },
      );
      sheet.y += figure.height * scale + 4;
      sheet.paragraph('Caption', `Figure ${++counts.figures}. ${block.caption}`, styles.caption, 12);
      return;
    }
    case 'pictures':
      sheet.reserve(heightOf(sheet, block));
      drawPictures(sheet, block);
      sheet.y += 5;
      sheet.paragraph('Caption', `Figure ${++counts.figures}. ${block.caption}`, styles.caption, 12);
  }
}

/** Height of a block with its caption; of a table, of what must stand together at its beginning. */
function heightOf(sheet: Sheet, block: Block): number {
  switch (block.kind) {
    case 'text':
      return sheet.heightOf(block.text, sheet.width, styles.text) + 6;
    case 'notice':
      return noticeHeight(sheet, block);
    case 'table':
      return 70;
    case 'figure':
      return (
        (block.figure.height * sheet.width) / block.figure.width +
        sheet.heightOf(block.caption, sheet.width, styles.caption) +
        20
      );
    case 'pictures':
      return picturesHeight(sheet, block) + sheet.heightOf(block.caption, sheet.width, styles.caption) + 20;
  }
}

type Notice = Extract<Block, { kind: 'notice' }>;
const inset = 12;

const noticeHeight = (sheet: Sheet, { title, text }: Notice): number =>
  16 +
  sheet.heightOf(title, sheet.width - 2 * inset, styles.plainTitle) +
  sheet.heightOf(text, sheet.width - 2 * inset, styles.text);

function drawNotice(sheet: Sheet, notice: Notice): void {
  const height = noticeHeight(sheet, notice);
  sheet.reserve(height);
  const { left, width, y, doc } = sheet;
  const isCaution = notice.tone === 'caution';
  sheet.decoration(() => {
    doc.rect(left, y, width, height).fill(inks[isCaution ? 'cautionPanel' : 'panel'].light);
    doc.rect(left, y, 3, height).fill(inks[isCaution ? 'caution' : 'accent'].light);
  });
  const place = { x: left + inset, width: width - 2 * inset };
  const title = isCaution ? styles.cautionTitle : styles.plainTitle;
  sheet.tag('P', () => {
    sheet.write(notice.title, { ...place, y: y + 7 }, title);
  });
  const below = y + 8 + sheet.heightOf(notice.title, place.width, title);
  sheet.tag('P', () => {
    sheet.write(notice.text, { ...place, y: below }, styles.text);
  });
  sheet.y += height + 6;
}

function rule(sheet: Sheet): void {
  sheet.decoration(() => {
    sheet.doc
      .moveTo(sheet.left, sheet.y)
      .lineTo(sheet.left + sheet.width, sheet.y)
      .lineWidth(1.4)
      .stroke(inks.text.light);
  });
}
