import { realpath, stat } from 'node:fs/promises';
import { dirname, join, basename } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';

/** What makes two paths the same file: device and inode (hard links), and the path without links. */
interface FileIdentity {
  readonly inode: string | null;
  readonly path: string;
}

const identify = async (path: string): Promise<FileIdentity> => {
  const resolved = await realpath(path).catch(async () => {
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path));
  });
  const stats = await stat(resolved, { bigint: true }).catch(() => null);
  return { inode: stats === null ? null : `${stats.dev}:${stats.ino}`, path: resolved };
};

/** Refuses an output path that names an input, also by a symbolic or a hard link. Call it before any work is done. */
export const assertNotInput = async (outputPath: string, inputPaths: readonly string[]): Promise<void> => {
  const output = await identify(outputPath);
  for (const inputPath of inputPaths) {
    const input = await identify(inputPath);
    if (output.path !== input.path && (output.inode === null || output.inode !== input.inode)) continue;
    throw new LocScaleError(
      'output.is-input',
      `The output ${outputPath} is the input ${inputPath}, and inputs are never written over; give the output another name.`,
      { output: outputPath, input: inputPath },
    );
  }
};
