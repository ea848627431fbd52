import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installLine, needs, macNeeds } from '../../scripts/setup/packages.mjs';
import { packageFiles, readText, repositoryFiles, root } from './tree.js';

const pages = repositoryFiles((name) => name.endsWith('.md'));

/** GitHub's rule for the anchor of a heading: lower case, punctuation out, spaces to dashes. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set([...readText(page).matchAll(/^#+ +(.+)$/gm)].map((match) => anchorOf(match[1] ?? '')));

describe('links between pages', () => {
  const linksOf = (page: string): readonly string[] => {
    const prose = readText(page).replaceAll(/^```[\s\S]*?^```/gm, '');
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  };

  it('are found at all', () => {
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(20);
  });

  it.each(pages)('of %s lead to files and headings that exist', (page) => {
    const broken = linksOf(page)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : normalize(join(dirname(page), path));
        if (!existsSync(root + target)) return true;
        return anchor !== undefined && !anchorsOf(target).has(anchor);
      });
    expect(broken).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  const rows = readText('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const reasons = new Map(
    rows.flatMap((cells) => [...(cells[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => [match[1], cells.at(-2)])),
  );
  const packages = packageFiles();
  const ours = new Set([...packages.values()].map((file) => file.name));
  const used = [...packages.values()].flatMap((file) =>
    Object.keys({ ...file.dependencies, ...file.devDependencies, ...file.peerDependencies }),
  );
  const foreign = [...new Set(used)].filter((name) => !ours.has(name)).sort();

  it('gives the reason for each dependency, and names no other', () => {
    expect([...reasons.keys()].sort()).toEqual(foreign);
    for (const [name, reason] of reasons) expect(reason?.length, name).toBeGreaterThan(10);
  });

  it('lists only packages that something imports or runs', () => {
    const sources = repositoryFiles((name) => /\.(ts|mjs|js|gyp)$/.test(name) || name === 'package.json');
    const code = sources.map(readText).join('\n');
    const isUsed = (name: string): boolean =>
      name.startsWith('@types/')
        ? isUsed(name.slice('@types/'.length))
        : usesOf(name).some((use) => code.includes(use));
    const usesOf = (name: string): readonly string[] => [
      `'${name}'`,
      `'${name}/`,
      `("${name}")`,
      `\\'${name}\\'`,
      `'node_modules', '${name}'`,
      `bin('${name}/`,
      `"${name} `,
    ];
    expect(foreign.filter((name) => !isUsed(name) && name !== '@types/node')).toEqual([]);
  });
});

describe('docs/install.md', () => {
  it.each(['apt-get', 'dnf', 'pacman', 'brew'] as const)('has the line for %s that the set-up prints', (manager) => {
    const missing = manager === 'brew' ? [...needs, ...macNeeds] : needs;
    expect(readText('docs/install.md')).toContain(`\`${installLine(manager, missing, false)}\``);
  });
});

describe('docs/decisions', () => {
  it('lists every record, by its number', () => {
    const records = [...repositoryFiles((name) => /^\d{4}-.*\.md$/.test(name))].sort();
    const index = readText('docs/decisions/README.md');
    records.forEach((record, position) => {
      const name = record.split('/').at(-1) ?? '';
      expect(Number(name.slice(0, 4))).toBe(position + 1);
      expect(index).toContain(`(${name})`);
      expect(readText(record)).toMatch(new RegExp(`^# ${String(position + 1)}\\. `));
    });
    expect(records.length).toBeGreaterThan(0);
  });
});
