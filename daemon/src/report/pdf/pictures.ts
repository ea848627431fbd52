import type { Pictures } from '../document.js';
import type { Sheet, TextStyle } from './sheet.js';

const gap = 12;
const label: TextStyle = { size: 9, ink: 'text', weight: 'bold' };
const labelHeight = 14;
/** Pictures are no taller than this, so that three rows of them fit on a page. */
const mostHeight = 150;

/** Height of a row of pictures with their names. */
export const picturesHeight = (sheet: Sheet, pictures: Pictures): number =>
  labelHeight + sizeOf(sheet, pictures).height;

/** Draws pictures side by side with a scale bar in each. */
export function drawPictures(sheet: Sheet, block: Pictures): void {
  const { doc } = sheet;
  const { width, height } = sizeOf(sheet, block);
  const y = sheet.y + labelHeight;
  block.pictures.forEach(({ name, description, png }, i) => {
    const x = sheet.left + i * (width + gap);
    sheet.tag('P', () => {
      sheet.write(name, { x, y: sheet.y, width }, label);
    });
    sheet.tag(
      'Figure',
      () => {
        doc.image(Buffer.from(png), x, y, { width, height });
        drawBar(doc, x, y + height, width, block);
      },
      { alt: description },
    );
  });
  sheet.y = y + height;
}

function sizeOf(
  sheet: Sheet,
  { pictures, width, height }: Pictures,
): { readonly width: number; readonly height: number } {
  // Two pictures are as large as three would be: more than a third of the width shows no more of a map.
  const across = Math.max(3, pictures.length);
  const own = Math.min((sheet.width - gap * (across - 1)) / across, (mostHeight * width) / height);
  return { width: own, height: (own * height) / width };
}

/** White with a dark edge, to be seen on any grey. */
function drawBar(doc: PDFKit.PDFDocument, x: number, bottom: number, width: number, block: Pictures): void {
  const length = (width * block.bar) / block.width;
  const [left, y] = [x + 7, bottom - 10];
  doc.save();
  doc.undash().rect(left, y, length, 2.5).lineWidth(1).fillAndStroke('#ffffff', '#000000');
  doc.rect(left, y, length, 2.5).fill('#ffffff');
  doc.font('bold').fontSize(7.5);
  const text = `${block.bar} Å`;
  doc
    .rect(left - 1, y - 11, doc.widthOfString(text) + 2, 9)
    .fillOpacity(0.55)
    .fill('#000000')
    .fillOpacity(1);
  doc.fillColor('#ffffff').text(text, left, y - 3.6, { lineBreak: false, baseline: 'alphabetic' });
  doc.restore();
}
