import type { Column, Table } from '../document.js';
import { inks } from '../figure/ink.js';
import type { Sheet, TextStyle } from './sheet.js';

const head: TextStyle = { size: 9, ink: 'text', weight: 'bold' };
const body: TextStyle = { size: 9, ink: 'text', weight: 'regular' };
/** Hashes stay small so that one takes two lines. */
const fixed: TextStyle = { size: 8, ink: 'text', weight: 'regular' };
const gap = 10;
const padding = 3;

/** Draws the rows of a table under its caption; a row is never cut, and a new page repeats the head. */
export function drawTable(sheet: Sheet, { columns, rows }: Table): void {
  const table = sheet.group('Table');
  const places = layOut(columns, sheet);
  const titles = columns.map(({ title }) => title);
  const headHeight = rowHeight(sheet, titles, places, columns, true);
  const drawHead = (): void => {
    drawRow(sheet, table, titles, places, columns, true);
  };
  sheet.reserve(headHeight + 30);
  drawHead();
  for (const row of rows) {
    if (sheet.y + rowHeight(sheet, row, places, columns, false) > sheet.bottom) {
      sheet.newPage();
      drawHead();
    }
    drawRow(sheet, table, row, places, columns, false);
  }
  table.end();
}

interface CellPlace {
  readonly x: number;
  readonly width: number;
}

function layOut(columns: readonly Column[], { left, width }: Sheet): readonly CellPlace[] {
  const total = columns.reduce((sum, { share }) => sum + share, 0);
  const usable = width - gap * (columns.length - 1);
  const widths = columns.map(({ share }) => (usable * share) / total);
  return widths.map((own, i) => ({
    x: left + widths.slice(0, i).reduce((sum, w) => sum + w + gap, 0),
    width: own,
  }));
}

const styleOf = (column: Column | undefined, isHead: boolean): TextStyle => ({
  ...(isHead ? head : column?.fixedPitch === true ? fixed : body),
  ...(column === undefined ? {} : { align: column.align }),
});

const rowHeight = (
  sheet: Sheet,
  cells: readonly string[],
  places: readonly CellPlace[],
  columns: readonly Column[],
  isHead: boolean,
): number =>
  2 * padding +
  Math.max(...cells.map((cell, i) => sheet.heightOf(cell, places[i]?.width ?? 0, styleOf(columns[i], isHead))));

function drawRow(
  sheet: Sheet,
  table: PDFKit.PDFStructureElement,
  cells: readonly string[],
  places: readonly CellPlace[],
  columns: readonly Column[],
  isHead: boolean,
): void {
  const row = sheet.group('TR', table);
  const height = rowHeight(sheet, cells, places, columns, isHead);
  const y = sheet.y + padding;
  cells.forEach((cell, i) => {
    const place = places[i];
    if (place === undefined) return;
    const draw = (): void => {
      sheet.write(cell, { ...place, y }, styleOf(columns[i], isHead));
    };
    sheet.tag(isHead || i === 0 ? 'TH' : 'TD', draw, { parent: row });
  });
  row.end();
  sheet.y += height;
  sheet.decoration(() => {
    sheet.doc
      .moveTo(sheet.left, sheet.y)
      .lineTo(sheet.left + sheet.width, sheet.y)
      .undash()
      .lineWidth(isHead ? 0.9 : 0.4)
      .stroke(inks[isHead ? 'text' : 'rule'].light);
  });
}
