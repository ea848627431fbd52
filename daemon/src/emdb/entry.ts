import { LocScaleError } from '@chimerax-like/rpc';

/** Number of an entry of EMDB, as text: `1234` of EMD-1234. */
export type EntryNumber = string;

/** Reads how people and programs name an entry: `EMD-1234`, `emd_1234`, `emdb:1234` (as in ChimeraX), `1234`. */
export function readEntry(text: string): EntryNumber {
  const number = /^(?:emd[-_ ]?|emdb:(?:emd[-_])?)?(\d{4,6})$/i.exec(text.trim())?.[1];
  if (number !== undefined) return number;
  throw new LocScaleError(
    'input.parameter',
    `${JSON.stringify(text.slice(0, 80))} is no entry of EMDB; write its number as EMD-1234, emdb:1234 or 1234.`,
  );
}

/** True for what can only mean an entry of EMDB, and no file: `emdb:1234`. */
export const namesEntry = (text: string): boolean => /^emdb:/i.test(text);

export const nameOf = (entry: EntryNumber): string => `EMD-${entry}`;

/** What an entry can hold that is of use here. */
export const parts = ['map', 'half map 1', 'half map 2'] as const;
export type Part = (typeof parts)[number];

/** File name of a part, as EMDB calls it. */
export function fileOf(entry: EntryNumber, part: Part): string {
  switch (part) {
    case 'map':
      return `emd_${entry}.map.gz`;
    case 'half map 1':
      return `emd_${entry}_half_map_1.map.gz`;
    case 'half map 2':
      return `emd_${entry}_half_map_2.map.gz`;
  }
}

/** Folder of a part within its entry. */
export const folderOf = (part: Part): string => (part === 'map' ? 'map' : 'other');
