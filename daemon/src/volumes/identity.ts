import type { Warning } from '@chimerax-like/rpc';
import { printable, type HeaderWords } from './words.js';

/** The map identifier (word 53) and the type of the extended header (EXTTYP, word 27), which older files do not have. */
export const readIdentity = (words: HeaderWords): { extendedType: string; warnings: readonly Warning[] } => {
  const type = words.text(27, 4);
  const extendedType = words.int(24) > 0 && /^[A-Z0-9]{4}$/u.test(type) ? type : '';
  const id = Buffer.from(words.raw(53)).toString('latin1');
  if (id === 'MAP ') return { extendedType, warnings: [] };
  const empty = id === '\0\0\0\0';
  const warning: Warning = empty
    ? { kind: 'header.no-map-id', message: 'The identifier “MAP ” is missing; read as an MRC map all the same.' }
    : {
        kind: 'header.map-id',
        message: `The identifier is “${printable(id)}” instead of “MAP ”; read all the same.`,
      };
  return { extendedType, warnings: [warning] };
};
