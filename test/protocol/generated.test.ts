import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { errorTable, methods, notifications, recipes } from '@chimerax-like/rpc';
import { generatedFiles } from '../../protocol/src/generate.js';

const files = await generatedFiles();

test.each(files)('$path is up to date (else: npm run generate -w protocol)', async ({ path, content }) => {
  expect(await readFile(path, 'utf8')).toBe(content);
});

test('the page names every method, notification, error, recipe, and every option of a recipe', () => {
  const page = files.find(({ path }) => path.endsWith('.md'))?.content ?? '';
  for (const { name } of [...methods, ...notifications, ...Object.values(recipes)])
    expect(page).toContain(`### ${name}\n`);
  for (const kind of Object.keys(errorTable)) expect(page).toMatch(new RegExp(`\\| \`${kind}\` +\\|`));
  for (const option of ['-hm', '-em', '-mm', '-ma', '-wn', '-np', '-p', '-o'])
    expect(page).toContain(`\`${option}, --`);
});

test('every link of the page has its heading', () => {
  const page = files.find(({ path }) => path.endsWith('.md'))?.content ?? '';
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target ?? '');
  expect(links.length).toBeGreaterThan(50);
  expect(links.filter((link) => !headings.includes(link))).toEqual([]);
});

test('every reference of the OpenRPC document leads somewhere', () => {
  const text = files.find(({ path }) => path.endsWith('.json'))?.content ?? '{}';
  const document = JSON.parse(text) as { components: { schemas: object; errors: object } };
  const references = [...text.matchAll(/"\$ref": "#\/components\/(schemas|errors)\/([^"]+)"/g)];
  expect(references.length).toBe(text.split('"$ref"').length - 1);
  for (const [, group, name] of references) {
    expect(Object.keys(document.components[group as 'schemas' | 'errors'])).toContain(name);
  }
});
