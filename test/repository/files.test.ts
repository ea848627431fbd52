import { describe, expect, it } from 'vitest';
import { packageFiles, readText, repositoryFiles, textOf } from './tree.js';

/** Lines per source file. Tests count too: they are read as often as the code. */
const sizeTarget = { median: 150, most: 800 };
/** Files that may be longer, with the reason. None so far. */
const longFiles: Readonly<Record<string, string>> = {};

const sources = repositoryFiles((name) => /\.(ts|mjs|js|cc|h|py)$/.test(name));
const texts = repositoryFiles().flatMap((path) => {
  const text = textOf(path);
  return text === null ? [] : [{ path, text }];
});

/** `path:line` of every line that matches. */
function linesWith(pattern: RegExp, among = texts): readonly string[] {
  return among.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${String(index + 1)}`] : [])),
  );
}

describe('the size of source files', () => {
  const lines = new Map(sources.map((path) => [path, readText(path).split('\n').length - 1]));

  it(`has a median of at most ${String(sizeTarget.median)} lines`, () => {
    const sorted = [...lines.values()].sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(sizeTarget.median);
  });

  it(`is above ${String(sizeTarget.most)} lines only with a reason`, () => {
    const long = [...lines].filter(([, count]) => count > sizeTarget.most).map(([path]) => path);
    expect(long.sort()).toEqual(Object.keys(longFiles).sort());
  });
});

describe('committed text', () => {
  it('names no path of somebody’s machine', () => {
    const folders = ['work', 'root', 'farm', 'home/(?!user/)[a-z]+', 'Users/[a-zA-Z]+'].join('|');
    expect(linesWith(new RegExp(`(^|[\\s"'\`(=:,])/(${folders})/`))).toEqual([]);
  });

  it('switches no lint rule off without its reason', () => {
    const code = texts.filter(({ path }) => sources.includes(path));
    // The comment only; words in strings and patterns are something else.
    expect(linesWith(/(\/\/|\/\*) *eslint-disable(?!.* -- \S)/, code)).toEqual([]);
    expect(linesWith(/(\/\/|\/\*) *@ts-(ignore|nocheck)/, code)).toEqual([]);
  });

  it('holds no trace of an unresolved merge', () => {
    expect(linesWith(/^(<{7} |>{7} |={7}$)/)).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('names no registry', () => {
    const { packages } = JSON.parse(readText('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
    };
    const hosts = Object.values(packages).filter((entry) => /^[a-z+]+:\/\//.test(entry.resolved ?? ''));
    expect(Object.keys(packages).length).toBeGreaterThan(50);
    expect(hosts).toEqual([]);
  });
});

describe('licences', () => {
  const expected: Readonly<Record<string, string>> = {
    '': 'GPL-3.0-or-later',
    'protocol/': 'Apache-2.0',
    'native/': 'GPL-3.0-or-later',
    'daemon/': 'GPL-3.0-or-later',
    'plugins/molstar/': 'Apache-2.0',
  };

  it('are those that LICENSE names for each room', () => {
    const found = Object.fromEntries([...packageFiles()].map(([folder, file]) => [folder, file.license]));
    expect(found).toEqual(expected);
  });

  it('have their full text', () => {
    for (const licence of Object.values(expected)) {
      expect(readText('LICENSE')).toContain(licence);
      expect(readText(`LICENSES/${licence}.txt`).length).toBeGreaterThan(10_000);
    }
  });
});
