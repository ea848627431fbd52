import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically, writeFully } from '../volumes/atomic-file.js';
import { type EntryNumber, parts } from './entry.js';

const recordSchema = z.object({
  /** Recommended by the depositors. */
  contourLevel: z.number().nullable(),
  files: z.array(
    z.object({
      part: z.enum(parts),
      /** Null for a part that the entry does not have. */
      fetched: z.object({ url: z.string(), bytes: z.number(), sha256: z.string(), at: z.string() }).nullable(),
    }),
  ),
});

/** What is known of a fetched entry: where its files came from, and what it does not have. */
export type EntryRecord = z.infer<typeof recordSchema>;

const recordFile = (folder: string, entry: EntryNumber): string => join(folder, `emd_${entry}.json`);

/** The record of an earlier fetch; undefined before the first one, and where files were put by hand. */
export async function readEntryRecord(folder: string, entry: EntryNumber): Promise<EntryRecord | undefined> {
  const parsed = recordSchema.safeParse(
    await readFile(recordFile(folder, entry), 'utf8')
      .then(JSON.parse)
      .catch(() => null),
  );
  return parsed.success ? parsed.data : undefined;
}

export async function keepEntryRecord(folder: string, entry: EntryNumber, record: EntryRecord): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
  await writeAtomically(recordFile(folder, entry), bytes.length, (file) => writeFully(file, bytes));
}
