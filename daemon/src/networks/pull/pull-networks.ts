import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import {
  ConnectionLost,
  digestsOf,
  discard,
  download,
  type DownloadOptions,
  lengthOf,
  unreachable,
} from '../../download/index.js';
import { NetworkFault } from '../fault.js';
import { importNetwork } from '../import/import-network.js';
import type { NetworkLibrary } from '../library/library.js';
import type { Manifest } from '../library/manifest.js';
import { readCalibrator } from '../library/read-calibrator.js';
import { pageOf, placeOf, type Published } from './published.js';
import { readRecord, type RecordEntry } from './record.js';
import { takeFromTar } from './tar.js';

export interface PullOptions {
  readonly replace: boolean;
  readonly program: string;
  readonly onProgress: DownloadOptions['onProgress'];
}

/**
 * Fetches a published archive and imports the networks in it. An archive that a person has put into the folder is taken as it is,
 * without asking the host. Its SHA-256 is kept: a later pull that brings anything else is refused.
 */
export async function pullNetworks(
  library: NetworkLibrary,
  source: Published,
  options: PullOptions,
): Promise<readonly Manifest[]> {
  for (const { name } of source.members) await library.assertFree(name, options.replace);
  await mkdir(library.folder, { recursive: true, mode: 0o700 });
  await chmod(library.folder, 0o700);
  const placed = join(library.folder, source.file);
  if ((await stat(placed).catch(() => null))?.isFile() === true)
    return importArchive(library, source, placed, null, options);
  // Kept under this name until its networks are imported, so that a run that is killed in between goes on from it.
  const part = `${placed}.part`;
  const entry = await fetchArchive(library, source, part, options.onProgress);
  try {
    return await importArchive(library, source, part, entry, options);
  } finally {
    await discard(part);
  }
}

async function importArchive(
  library: NetworkLibrary,
  source: Published,
  path: string,
  entry: RecordEntry | null,
  options: PullOptions,
): Promise<readonly Manifest[]> {
  const { sha256 } = await digestsOf(path);
  await assertSameAsBefore(library, source, sha256);
  const networks = await unpack(library, source, path, entry, options);
  await keepDigest(library, source, sha256);
  return networks;
}

async function fetchArchive(
  library: NetworkLibrary,
  source: Published,
  part: string,
  onProgress: DownloadOptions['onProgress'],
): Promise<RecordEntry> {
  try {
    const entry = await readRecord(source);
    const { algorithm, hex } = entry.digest;
    const path = `/api/records/${source.record}/files/${encodeURIComponent(source.file)}/content`;
    const file = { ...placeOf(source), path, bytes: entry.bytes, edition: `${algorithm}:${hex}` };
    await download(file, part, { onProgress });
    const seen = (await digestsOf(part))[algorithm];
    if (seen === hex) return entry;
    await discard(part);
    throw new LocScaleError(
      'input.format',
      `${source.file} was fetched whole, but its ${algorithm} is ${seen}, and the record says ${hex}; it was thrown away, try again.`,
    );
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw unreachable(placeOf(source), library.folder, await lengthOf(part), error);
  }
}

async function unpack(
  library: NetworkLibrary,
  source: Published,
  path: string,
  entry: RecordEntry | null,
  options: PullOptions,
): Promise<readonly Manifest[]> {
  await removeAbandoned(library);
  const folder = await mkdtemp(join(library.folder, unpackedPrefix));
  try {
    const wanted = new Set(source.members.flatMap(({ files }) => files));
    const seen = await takeFromTar(path, wanted, folder).catch((error: unknown) => {
      if (!(error instanceof NetworkFault)) throw error;
      throw new LocScaleError(
        'input.format',
        `${path} cannot be unpacked: ${error.reason}; remove it and fetch it again.`,
      );
    });
    const networks: Manifest[] = [];
    for (const { files, name, trainingData } of source.members) {
      const file = files.find((candidate) => seen.includes(candidate));
      if (file === undefined) continue;
      networks.push(
        await importNetwork(library, join(folder, file), {
          name,
          replace: options.replace,
          program: options.program,
          licence: entry?.licence ?? undefined,
          trainingData,
          calibrator: await readCalibrator(source.calibrator),
          from: `${pageOf(source)} ${source.file}: ${file}`,
          notes:
            entry === null ? ['The archive was put there by hand; its digest was not compared with the record.'] : [],
        }),
      );
    }
    if (networks.length === 0)
      throw new LocScaleError(
        'input.format',
        `${source.file} holds ${seen.slice(0, 10).join(', ') || 'no files'}, and one of ${[...wanted].join(', ')} was expected; compare it with ${pageOf(source)}.`,
      );
    return networks;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const unpackedPrefix = '.unpacked-';
/** Nobody unpacks for so long, ms. */
const abandonedAfterMs = 24 * 3_600_000;

/** Removes what a pull that was killed had unpacked. */
async function removeAbandoned(library: NetworkLibrary): Promise<void> {
  for (const name of (await readdir(library.folder)).filter((entry) => entry.startsWith(unpackedPrefix))) {
    const path = join(library.folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > abandonedAfterMs)
      await rm(path, { recursive: true, force: true });
  }
}

/** SHA-256 of the archives that were imported, by record and file. */
const digestsFile = (library: NetworkLibrary): string => join(library.folder, '.pulled');
const lineOf = (source: Published, sha256: string): string => `${sha256}  ${source.record}/${source.file}`;

async function keptDigest(library: NetworkLibrary, source: Published): Promise<string | null> {
  const lines = (await readFile(digestsFile(library), 'utf8').catch(() => '')).split('\n');
  return lines.find((line) => line.endsWith(`  ${source.record}/${source.file}`))?.slice(0, 64) ?? null;
}

async function assertSameAsBefore(library: NetworkLibrary, source: Published, sha256: string): Promise<void> {
  const before = await keptDigest(library, source);
  if (before === null || before === sha256) return;
  throw new LocScaleError(
    'input.format',
    `${source.file} has the SHA-256 ${sha256}, and that of the first time was ${before}; if the record was really changed, remove ${digestsFile(library)} and run this again.`,
  );
}

async function keepDigest(library: NetworkLibrary, source: Published, sha256: string): Promise<void> {
  if ((await keptDigest(library, source)) !== null) return;
  await writeFile(digestsFile(library), `${lineOf(source, sha256)}\n`, { flag: 'a', mode: 0o600 });
}
