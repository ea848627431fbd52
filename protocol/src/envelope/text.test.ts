import { describe, expect, test } from 'vitest';
import { exceedsBytes, jsonDepth, quote, utf8Length } from './text.js';

describe('utf8Length', () => {
  test.each(['', 'abc', 'Å', '电子', 'a😀b', '\ud800', '\ud800x', '\udc00\ud800', '\ud800\ud800\udc00'])(
    'counts %j as an encoder does',
    (text) => expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length),
  );
});

describe('exceedsBytes', () => {
  test.each([
    ['aaaa', 4, false],
    ['aaaaa', 4, true],
    ['ÅÅ', 4, false],
    ['ÅÅa', 4, true],
    ['电', 3, false],
    ['电', 2, true],
    ['', 0, false],
  ])('%j against %i bytes: %s', (text, limit, expected) => expect(exceedsBytes(text, limit)).toBe(expected));
});

describe('jsonDepth', () => {
  test.each([
    ['1', 0],
    ['[]', 1],
    ['{"a":[{"b":[]}]}', 4],
    ['[[],[],[]]', 2],
    [String.raw`["[[[\"[[", "\\"]`, 1],
    [String.raw`{"\"{":["]"]}`, 2],
  ])('%s nests %i deep', (text, expected) => expect(jsonDepth(text)).toBe(expected));

  test('needs no stack', () => expect(jsonDepth('['.repeat(1_000_000) + ']'.repeat(1_000_000))).toBe(1_000_000));
});

describe('quote', () => {
  test.each([
    ['a"b', String.raw`"a\"b"`],
    [undefined, 'missing'],
    [null, 'null'],
    [[1, 2], 'an array of 2'],
    [{ a: 1 }, 'an object'],
    [-0.5, '-0.5'],
  ])('%j', (value, expected) => expect(quote(value)).toBe(expected));

  test('stays short, and does not break a surrogate pair into raw halves', () => {
    const shown = quote(`${'a'.repeat(79)}😀${'b'.repeat(1000)}`);
    expect(shown.length).toBeLessThan(130);
    expect(shown).toContain(String.raw`\ud83d`);
    expect(shown).toContain('1081 characters');
  });
});
