import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { protocolPage } from './docs/page.js';
import { openRpcDocument } from './openrpc.js';

export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** What is generated from the descriptors, formatted as the repository formats everything. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const files = [
    { path: pathOf('../openrpc.json'), content: JSON.stringify(openRpcDocument()) },
    { path: pathOf('../../docs/protocol.md'), content: protocolPage() },
  ];
  return Promise.all(
    files.map(async ({ path, content }) => ({
      path,
      content: await format(content, { ...(await resolveConfig(path)), filepath: path }),
    })),
  );
}

/** Paths are the same seen from src/ (tests) and from dist/. */
function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, content } of await generatedFiles()) {
    const before = await readFile(path, 'utf8').catch(() => '');
    if (before !== content) await writeFile(path, content);
    console.log(`${path}: ${before === content ? 'up to date' : 'written'}`);
  }
}
