import type { Figure, Mark } from '../figure/figure.js';
import { inks } from '../figure/ink.js';
import { printable } from './fonts.js';
import type { Sheet } from './sheet.js';

/** Draws a figure with its top left corner at (x, y), `scale` points to each of its own. */
export function drawFigure({ doc }: Sheet, { marks }: Figure, x: number, y: number, scale: number): void {
  doc.save().translate(x, y).scale(scale).lineJoin('round');
  for (const mark of marks) draw(doc, mark);
  doc.restore();
}

function draw(doc: PDFKit.PDFDocument, mark: Mark): void {
  if (mark.kind === 'path') {
    const { path, stroke, fill, opacity = 1 } = mark;
    if (fill !== undefined) doc.path(path).fillOpacity(opacity).fill(inks[fill].light).fillOpacity(1);
    if (stroke === undefined) return;
    doc.path(path).lineWidth(stroke.width);
    const [dash, space] = stroke.dash ?? [null, 0];
    if (dash === null) doc.undash();
    else doc.dash(dash, { space });
    doc.stroke(inks[stroke.ink].light);
    return;
  }
  const text = printable(mark.text);
  doc
    .font(mark.weight ?? 'regular')
    .fontSize(mark.size)
    .fillColor(inks[mark.ink].light);
  const share = { start: 0, middle: 0.5, end: 1 }[mark.anchor];
  doc.save();
  if (mark.upwards === true) doc.rotate(-90, { origin: [mark.x, mark.y] });
  doc.text(text, mark.x - share * doc.widthOfString(text), mark.y, { lineBreak: false, baseline: 'alphabetic' });
  doc.restore();
}
