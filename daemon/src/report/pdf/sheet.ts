import PDFDocument from 'pdfkit';
import { type Ink, inks } from '../figure/ink.js';
import { fonts, printable } from './fonts.js';

/** A4 in points; the margins leave 483 points, room for figures of 480. */
const page = { width: 595.28, margin: 56, top: 54, bottom: 62 } as const;

export type Role = 'H1' | 'H2' | 'P' | 'Caption' | 'TH' | 'TD';

export interface TextStyle {
  readonly size: number;
  readonly ink: Ink;
  readonly weight: 'regular' | 'bold';
  readonly align?: 'start' | 'end';
}

/** Where text of a paragraph or a cell goes. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/**
 * Pages that fill from the top. Everything is tagged with its role (PDF 1.7, 14.8), so that a screen reader reads the report in
 * order, finds headings and cells, and speaks the descriptions of figures.
 */
export class Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly left = page.margin;
  readonly width = page.width - 2 * page.margin;
  /** Next free height on the page, points from its top. */
  y: number = page.top;
  readonly #root: PDFKit.PDFStructureElement;
  readonly #outline: PDFKit.PDFOutline;

  constructor(title: string, writtenAt: Date) {
    this.doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      pdfVersion: '1.7',
      lang: 'en-GB',
      tagged: true,
      displayTitle: true,
      info: {
        Title: printable(title),
        Creator: 'LocScale',
        Producer: 'LocScale',
        CreationDate: writtenAt,
        ModDate: writtenAt,
      },
    });
    for (const [name, path] of Object.entries(fonts)) this.doc.registerFont(name, path);
    this.#root = this.doc.struct('Document');
    this.doc.addStructure(this.#root);
    this.#outline = this.doc.outline;
  }

  get bottom(): number {
    return this.doc.page.height - page.bottom;
  }

  /** Starts a new page unless `height` points are free on this one. */
  reserve(height: number): void {
    if (this.y + height <= this.bottom || this.y === page.top) return;
    this.newPage();
  }

  newPage(): void {
    this.doc.addPage();
    this.y = page.top;
  }

  /** An entry in the list of contents that viewers show beside the pages. */
  bookmark(title: string): void {
    this.#outline.addItem(printable(title));
  }

  heightOf(text: string, width: number, style: TextStyle): number {
    return this.#styled(style).heightOfString(printable(text), { width, lineGap: lineGap(style) });
  }

  /** Draws something of one role; `parent` is the table row it belongs to, by default the document. */
  tag(
    role: string,
    draw: () => void,
    options: { readonly alt?: string; readonly parent?: PDFKit.PDFStructureElement } = {},
  ): void {
    const { parent = this.#root, alt } = options;
    parent.add(this.doc.struct(role, alt === undefined ? {} : { alt: printable(alt) }, draw));
  }

  /** A group of roles, e.g. a table and its rows; ended by the caller. */
  group(role: string, parent: PDFKit.PDFStructureElement = this.#root): PDFKit.PDFStructureElement {
    const group = this.doc.struct(role);
    parent.add(group);
    return group;
  }

  /** Decoration, which a screen reader passes over. */
  decoration(draw: () => void): void {
    this.doc.markContent('Artifact', { type: 'Layout' });
    draw();
    this.doc.endMarkedContent();
  }

  /** Text at a place; the caller has reserved the height. */
  write(text: string, { x, y, width }: Place, style: TextStyle): void {
    this.#styled(style)
      .fillColor(inks[style.ink].light)
      .text(printable(text), x, y, { width, lineGap: lineGap(style), align: style.align === 'end' ? 'right' : 'left' });
  }

  /** Text over the whole width at the next free height. */
  paragraph(role: Role, text: string, style: TextStyle, after: number): void {
    const height = this.heightOf(text, this.width, style);
    this.reserve(height);
    const { left: x, y, width } = this;
    this.tag(role, () => {
      this.write(text, { x, y, width }, style);
    });
    this.y += height + after;
  }

  /** Numbers the pages and closes the file. */
  finish(title: string): Promise<Buffer> {
    const { doc } = this;
    const { start, count } = doc.bufferedPageRange();
    for (let number = 0; number < count; number++) {
      doc.switchToPage(start + number);
      const y = doc.page.height - 40;
      doc.markContent('Artifact', { type: 'Pagination' });
      this.#styled({ size: 8, ink: 'muted', weight: 'regular' }).fillColor(inks.muted.light);
      doc.text(`${number + 1} / ${count}`, this.left, y, { width: this.width, align: 'right', lineBreak: false });
      doc.text(printable(title), this.left, y, { width: this.width - 60, height: 10, ellipsis: true });
      doc.endMarkedContent();
    }
    this.#root.end();
    const chunks: Buffer[] = [];
    return new Promise((resolve, reject) => {
      doc.on('data', (chunk: Buffer) => chunks.push(chunk));
      doc.on('end', () => {
        resolve(Buffer.concat(chunks));
      });
      doc.on('error', reject);
      doc.end();
    });
  }

  #styled({ size, weight }: TextStyle): PDFKit.PDFDocument {
    return this.doc.font(weight).fontSize(size);
  }
}

/** Source Sans sets its lines 1.26 sizes apart; small text needs a little more air. */
const lineGap = ({ size }: TextStyle): number => (size <= 10 ? 0.1 * size : 0);
