import { createRequire } from 'node:module';
import { codePoint, visibleText } from '../visible-text.js';

const { resolve } = createRequire(import.meta.url);

/** Source Sans 3 (SIL Open Font Licence): Latin, Greek and Cyrillic, figures of one width, the signs of physics. */
export const fonts = {
  regular: resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf'),
  bold: resolve('@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf'),
} as const;

/** Ranges of characters that both cuts of the font have, from their tables of characters. */
const covered =
  /^[\u0020-\u007e\u00a0-\u0180\u0300-\u030d\u0384-\u03ce\u0400-\u045f\u1ea0-\u1ef9\u2009\u2010-\u201e\u2020-\u2022\u2026\u202f-\u2033\u2039\u203a\u2044\u2070\u2071\u2074-\u208e\u20ac\u2122\u2190-\u2199\u2202\u2206\u2211\u2212\u221a\u221e\u2248\u2260\u2261\u2264\u2265]$/u;

/** Text that the font can show; a character that it lacks (a file name may hold any) is written as its code point. */
export const printable = (text: string): string =>
  Array.from(visibleText(text.normalize('NFC')), (character) =>
    covered.test(character) ? character : codePoint(character),
  ).join('');
