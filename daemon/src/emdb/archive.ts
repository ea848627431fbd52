import { LocScaleError } from '@chimerax-like/rpc';
import { type Place } from '../download/index.js';
import { type EntryNumber, fileOf, folderOf, nameOf, type Part } from './entry.js';

/** EMDB's tree of files at its home, the European Bioinformatics Institute. This is the only place that names its host. */
const home = 'https://ftp.ebi.ac.uk/pub/databases/emdb/';

/** A copy of EMDB's tree of files. */
export interface Archive {
  /** Address of the folder that holds `structures`; ends in `/`. */
  readonly base: string;
}

/** The archive that is asked: EMDB's own, or the copy that the user has named by `LOCSCALE_EMDB`. */
export function archiveOf(env: Readonly<Record<string, string | undefined>> = process.env): Archive {
  const base = env['LOCSCALE_EMDB'] || home;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
    throw new LocScaleError(
      'input.parameter',
      `LOCSCALE_EMDB is ${JSON.stringify(base)}, expected the address of a copy of EMDB, e.g. https://files.wwpdb.org/pub/emdb/; correct it or unset it.`,
    );
  return { base: base.endsWith('/') ? base : `${base}/` };
}

export const hostOf = ({ base }: Archive): string => new URL(base).host;

/** Address of a part of an entry at the archive. */
export function placeOf(archive: Archive, entry: EntryNumber, part: Part): Place & { readonly path: string } {
  const file = fileOf(entry, part);
  const page = new URL(`structures/${nameOf(entry)}/${folderOf(part)}/`, archive.base).href;
  const { origin, pathname } = new URL(file, page);
  return { origin, page, file, path: pathname };
}

/** Address of the header of an entry, XML. */
export function headerOf(archive: Archive, entry: EntryNumber): Place & { readonly path: string } {
  const file = `emd-${entry}.xml`;
  const page = new URL(`structures/${nameOf(entry)}/header/`, archive.base).href;
  const { origin, pathname } = new URL(file, page);
  return { origin, page, file, path: pathname };
}
