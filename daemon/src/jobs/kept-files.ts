import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { writeAtomically, writeFully } from '../volumes/atomic-file.js';

/** Uploads and results that nobody closed are deleted at a start this long after they were made. */
const keptMs = 7 * 24 * 3600_000;

/** What every record in a folder of kept files says: its id, under which it lies, and the file that it is about. */
export interface KeptFile {
  readonly id: string;
  readonly path: string;
}

/**
 * The records (`ID.json`) of earlier runs whose file is still there and not too old; all other files of the folder are deleted.
 * `fileOf` reads id and file out of a record.
 */
export async function loadKept<S extends z.ZodType>(
  folder: string,
  schema: S,
  fileOf: (record: z.output<S>) => KeptFile,
): Promise<readonly z.output<S>[]> {
  const names = await readdir(folder);
  const records: z.output<S>[] = [];
  for (const name of names.filter((n) => n.endsWith('.json'))) {
    const parsed = schema.safeParse(
      await readFile(join(folder, name), 'utf8')
        .then(JSON.parse)
        .catch(() => null),
    );
    const file = parsed.success ? await stat(fileOf(parsed.data).path).catch(() => null) : null;
    if (parsed.success && file !== null && Date.now() - file.mtimeMs <= keptMs) records.push(parsed.data);
  }
  const kept = new Set(records.map(fileOf).flatMap(({ id, path }) => [basename(path), `${id}.json`]));
  for (const name of names) if (!kept.has(name)) await rm(join(folder, name), { force: true, recursive: true });
  return records;
}

/** Writes the record of a kept file, so that the next start finds it again. */
export async function keepRecord(folder: string, id: string, record: unknown): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(record));
  await writeAtomically(join(folder, `${id}.json`), bytes.length, (file) => writeFully(file, bytes));
}
