import { LocScaleError } from '@chimerax-like/rpc';
import { z } from 'zod';
import { ask, orAborted, patient } from '../../download/index.js';
import { pageOf, placeOf, type Published } from './published.js';

/** What the record says of the archive. */
export interface RecordEntry {
  readonly bytes: number;
  readonly digest: { readonly algorithm: 'md5' | 'sha256'; readonly hex: string };
  readonly licence: string | null;
}

/** Answer of the host's `/api/records/ID`, as far as it matters here. */
const recordSchema = z.object({
  metadata: z.object({ license: z.object({ id: z.string().max(100) }).nullish() }).nullish(),
  files: z.array(z.object({ key: z.string(), size: z.int().positive(), checksum: z.string() })).max(1000),
});
const digestPattern = /^(?<algorithm>md5|sha256):(?<hex>[0-9a-f]{32}|[0-9a-f]{64})$/u;
/** An archive of networks; the published one has well below 1 GB. */
const largest = 8 * 2 ** 30;

export async function readRecord(source: Published): Promise<RecordEntry> {
  const signal = patient();
  const response = await ask(placeOf(source), `/api/records/${source.record}`, {
    headers: { accept: 'application/json' },
    signal,
  });
  const refuse = (reason: string): LocScaleError =>
    new LocScaleError(
      'input.format',
      `The record ${pageOf(source)} ${reason}; fetch ${source.file} in a browser if it is there.`,
    );
  if (response.status !== 200) throw refuse(`answers with status ${response.status}, and 200 was expected`);
  const parsed = recordSchema.safeParse(await orAborted(response.json(), signal).catch(() => null));
  if (!parsed.success) throw refuse('does not describe its files as expected');
  const file = parsed.data.files.find(({ key }) => key === source.file);
  if (file === undefined) throw refuse(`holds no file ${source.file}`);
  const { algorithm, hex } = digestPattern.exec(file.checksum)?.groups ?? {};
  if (hex === undefined || file.size > largest)
    throw refuse(`gives ${source.file} the size ${file.size} and the digest ${JSON.stringify(file.checksum)}`);
  return {
    bytes: file.size,
    digest: { algorithm: algorithm === 'md5' ? 'md5' : 'sha256', hex },
    licence: parsed.data.metadata?.license?.id ?? null,
  };
}
