import { inflateSync } from 'node:zlib';

/** What a test wants to know of a PDF file. */
export interface ReadPdf {
  /** Text of each page in the order in which it is drawn, without the gaps between words of one string being sure. */
  readonly pages: readonly string[];
  /** Descriptions of figures, for screen readers. */
  readonly descriptions: readonly string[];
  /** The file without its streams: its dictionaries, as written. */
  readonly dictionaries: string;
}

/** Reads text back from a PDF whose fonts carry tables of their characters: enough of ISO 32000 for the files that we write. */
export function readPdf(file: Buffer): ReadPdf {
  const source = file.toString('latin1');
  if (!/^%PDF-1\.\d/.test(source) || !source.trimEnd().endsWith('%%EOF')) throw new Error('not a whole PDF file');
  const objects = new Map(
    [...source.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id = '', body = '']) => [id, body]),
  );
  checkCrossReferences(source);
  const body = (id: string | undefined): string => objects.get(id ?? '') ?? '';

  const stream = (id: string | undefined): string => {
    const text = body(id);
    const start = text.indexOf('stream\n') + 'stream\n'.length;
    const raw = Buffer.from(text.slice(start, text.lastIndexOf('\nendstream')), 'latin1');
    return (text.includes('/FlateDecode') ? inflateSync(raw) : raw).toString('latin1');
  };

  const characters = (font: string): ReadonlyMap<string, string> => {
    const table = stream(/\/ToUnicode (\d+) 0 R/.exec(body(font))?.[1]);
    const map = new Map<string, string>();
    for (const [, first = '', , list = ''] of table.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi))
      [...list.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, code = ''], i) =>
        map.set((parseInt(first, 16) + i).toString(16).padStart(4, '0'), utf16(code.replaceAll(' ', ''))),
      );
    return map;
  };

  const pages = [...objects.values()]
    .filter((text) => /\/Type \/Page\b(?!s)/.test(text))
    .map((page) => {
      const resources = body(/\/Resources (\d+) 0 R/.exec(page)?.[1]);
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, characters(id)]),
      );
      let current: ReadonlyMap<string, string> = new Map();
      let text = '';
      for (const [, font, shown] of stream(/\/Contents (\d+) 0 R/.exec(page)?.[1]).matchAll(
        /\/(F\d+) [\d.]+ Tf|\[((?:<[0-9a-f]*>|[-\d. ])*)\] TJ/gi,
      )) {
        if (font !== undefined) current = fonts.get(font) ?? new Map();
        for (const [, glyphs = ''] of (shown ?? '').matchAll(/<([0-9a-f]*)>/gi))
          text += (glyphs.match(/.{4}/g) ?? []).map((glyph) => current.get(glyph.toLowerCase()) ?? '\uFFFD').join('');
        if (shown !== undefined) text += '\n';
      }
      return text;
    });
  const dictionaries = source.replaceAll(/stream\n[\s\S]*?\nendstream/g, '');
  const descriptions = [...dictionaries.matchAll(/\/Alt \(((?:\\.|[^\\)])*)\)/gs)].map(([, text = '']) =>
    literal(text),
  );
  return { pages, descriptions, dictionaries };
}

/** Every entry of the table of objects must point at its object, or a reader would have to repair the file. */
function checkCrossReferences(source: string): void {
  const table = source.slice(Number(/startxref\n(\d+)/.exec(source)?.[1]));
  if (!table.startsWith('xref\n')) throw new Error('startxref does not lead to the table of objects');
  const entries = [...table.matchAll(/(\d{10}) \d{5} ([nf])/g)];
  entries.forEach(([, offset, kind], id) => {
    if (kind === 'n' && !source.startsWith(`${id} 0 obj`, Number(offset)))
      throw new Error(`object ${id} lies elsewhere`);
  });
}

const utf16 = (hex: string): string =>
  (hex.match(/.{4}/g) ?? []).map((code) => String.fromCharCode(parseInt(code, 16))).join('');

/** A string between parentheses: escapes undone, big-endian UTF-16 where it says so. */
function literal(text: string): string {
  const plain = text
    .replace(/\\([nrtbf])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' })[letter] ?? '')
    .replace(/\\(.)/gs, '$1');
  return plain.startsWith('\xfe\xff') ? Buffer.from(plain.slice(2), 'latin1').swap16().toString('utf16le') : plain;
}
