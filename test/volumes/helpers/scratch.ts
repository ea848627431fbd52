import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for one test file, removed when its tests are over. */
export const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'locscale-volumes-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const putFile = (folder: string, name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
