import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder } from '../../scripts/setup/files.mjs';

/** The root of the repository, ending in a slash. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every file of the repository that the filter keeps, without packages and build outputs; paths from the root. */
export function repositoryFiles(keep: (name: string) => boolean = () => true): readonly string[] {
  // In a linked work tree `.git` is a file.
  return filesUnder(root, (name) => name !== '.git' && keep(name)).map((path) => relative(root, path));
}

export const readText = (path: string): string => readFileSync(root + path, 'utf8');

const largestText = 2 * 1024 * 1024;

/** The text of a file, or null when it holds something else (a zero byte in it, or too large for a text). */
export function textOf(path: string): string | null {
  const bytes = readFileSync(root + path);
  return bytes.length > largestText || bytes.includes(0) ? null : bytes.toString('utf8');
}

export interface PackageFile {
  readonly name: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The package.json of the root and of every workspace, by folder. */
export function packageFiles(): ReadonlyMap<string, PackageFile> {
  const read = (folder: string): PackageFile & { readonly workspaces?: readonly string[] } =>
    JSON.parse(readText(`${folder}package.json`)) as PackageFile & { readonly workspaces?: readonly string[] };
  const folders = ['', ...(read('').workspaces ?? []).map((folder) => `${folder}/`)];
  return new Map(folders.map((folder) => [folder, read(folder)]));
}
