import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LocScaleError, type Warning } from '@chimerax-like/rpc';
import {
  ask,
  ConnectionLost,
  digestsOf,
  discard,
  download,
  lengthOf,
  patient,
  type RemoteFile,
  unreachable,
} from '../download/index.js';
import { readHeader } from '../volumes/index.js';
import { type Archive, hostOf, placeOf } from './archive.js';
import { type EntryNumber, fileOf, nameOf, type Part, parts } from './entry.js';
import { recommendedLevel } from './header.js';
import { type EntryRecord, keepEntryRecord, readEntryRecord } from './record.js';

export interface FetchOptions {
  /** Without half maps only the deposited map is fetched. */
  readonly halfMaps: boolean;
  /** Most bytes that a file may have, as it is sent. */
  readonly mostBytes: number;
  readonly onProgress: (file: string, received: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** An entry whose files lie in a folder. */
export interface FetchedEntry {
  readonly entry: EntryNumber;
  readonly map: string | null;
  readonly halfMaps: readonly [string, string] | null;
  /** Level that the depositors recommend for the map, in its own units. */
  readonly contourLevel: number | null;
  readonly warnings: readonly Warning[];
}

/**
 * Brings the maps of an entry into a folder. What lies there, whether fetched or put by hand, is not asked for again; a fetch
 * that was interrupted goes on where it was.
 */
export async function fetchEntry(
  archive: Archive,
  entry: EntryNumber,
  folder: string,
  options: FetchOptions,
): Promise<FetchedEntry> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const wanted = parts.filter((part) => options.halfMaps || part === 'map');
  const warnings: Warning[] = [];
  let record = await readEntryRecord(folder, entry);
  try {
    record ??= { contourLevel: await recommendedLevel(archive, entry, options.signal), files: [] };
    for (const part of wanted) {
      if (record.files.some((known) => known.part === part && known.fetched === null)) continue;
      if ((await lengthOf(join(folder, fileOf(entry, part)))) > 0) continue;
      const fetched = await fetchPart(archive, entry, part, folder, options);
      record = { ...record, files: [...record.files.filter((known) => known.part !== part), { part, fetched }] };
      await keepEntryRecord(folder, entry, record);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof ConnectionLost)) throw error;
    const missing = await missingPart(entry, wanted, folder);
    const partial = missing && (await lengthOf(partFile(folder, entry, missing)));
    if (missing !== undefined && (partial !== 0 || !(await hasSomething(entry, folder))))
      throw unreachable(placeOf(archive, entry, missing), folder, partial ?? 0, error);
    warnings.push({
      kind: 'emdb.unreachable',
      message: `${hostOf(archive)} cannot be reached (${error.message}), so of ${nameOf(entry)} only what lies in ${folder} was taken.`,
    });
  }
  return { entry, ...(await placed(entry, folder)), contourLevel: record?.contourLevel ?? null, warnings };
}

const partFile = (folder: string, entry: EntryNumber, part: Part): string =>
  join(folder, `${fileOf(entry, part)}.part`);

const isThere = async (entry: EntryNumber, part: Part, folder: string): Promise<boolean> =>
  (await lengthOf(join(folder, fileOf(entry, part)))) > 0;

async function missingPart(entry: EntryNumber, wanted: readonly Part[], folder: string): Promise<Part | undefined> {
  for (const part of wanted) if (!(await isThere(entry, part, folder))) return part;
  return undefined;
}

/** A map, or both half maps: enough to work with. */
async function hasSomething(entry: EntryNumber, folder: string): Promise<boolean> {
  const { map, halfMaps } = await placed(entry, folder);
  return map !== null || halfMaps !== null;
}

async function placed(entry: EntryNumber, folder: string): Promise<Pick<FetchedEntry, 'map' | 'halfMaps'>> {
  const [map, one, two] = await Promise.all(
    parts.map(async (part) => ((await isThere(entry, part, folder)) ? join(folder, fileOf(entry, part)) : null)),
  );
  return { map: map ?? null, halfMaps: one && two ? [one, two] : null };
}

/** Fetches one file and looks at its header; null when the entry has no such file. */
async function fetchPart(
  archive: Archive,
  entry: EntryNumber,
  part: Part,
  folder: string,
  { mostBytes, onProgress, signal }: FetchOptions,
): Promise<EntryRecord['files'][number]['fetched']> {
  const place = placeOf(archive, entry, part);
  const announced = await announce(place, signal);
  if (announced === null) {
    if (part !== 'map') return null;
    throw new LocScaleError(
      'input.missing',
      `${nameOf(entry)} is not at ${hostOf(archive)}: ${place.page} has no ${place.file}; check the number of the entry.`,
    );
  }
  if (announced.bytes > mostBytes)
    throw new LocScaleError(
      'limit.size',
      `${place.file} has ${announced.bytes} bytes, the most that is fetched is ${mostBytes}; fetch it from ${place.page} by other means and open it by its path.`,
      { seen: announced.bytes, limit: mostBytes },
    );
  const file: RemoteFile = { ...place, ...announced };
  const partial = partFile(folder, entry, part);
  await download(file, partial, {
    onProgress: (received, total) => onProgress(place.file, received, total),
    signal,
  });
  await readHeader(partial, place.file).catch(async (error: unknown) => {
    await discard(partial);
    throw error;
  });
  const { sha256 } = await digestsOf(partial);
  await rename(partial, join(folder, place.file));
  await discard(partial);
  return { url: place.page + place.file, bytes: announced.bytes, sha256, at: new Date().toISOString() };
}

/** What the host says of a file before it is fetched; null when it has none. */
async function announce(
  place: ReturnType<typeof placeOf>,
  signal: AbortSignal | undefined,
): Promise<Pick<RemoteFile, 'bytes' | 'edition'> | null> {
  const response = await ask(place, place.path, {
    method: 'HEAD',
    headers: { 'accept-encoding': 'identity' },
    signal: patient(signal),
  });
  if (response.status === 404) return null;
  if (response.status >= 500) throw new ConnectionLost(`status ${response.status}`);
  const bytes = Number(response.headers.get('content-length'));
  if (response.status !== 200 || !Number.isSafeInteger(bytes) || bytes <= 0)
    throw new LocScaleError(
      'input.format',
      `The host answers with status ${response.status} and the length ${response.headers.get('content-length') ?? 'unknown'} for ${place.file}, and 200 and a length were expected; try again later.`,
    );
  // EMDB states no digests; these change with the file.
  const edition = response.headers.get('etag') ?? response.headers.get('last-modified') ?? '';
  return { bytes, edition };
}
