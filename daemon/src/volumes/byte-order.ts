import type { Warning } from '@chimerax-like/rpc';
import { lookUpMode } from './modes.js';
import type { ByteOrder } from './types.js';
import { HeaderWords } from './words.js';

/**
 * Machine stamps (word 54, as hex) that programs in use write. The last three are outside every edition of the format but
 * common and harmless, since the numbers of the header leave no doubt: EMDB entries, Chimera 1.4, Maestro.
 */
const knownStamps: ReadonlyMap<string, ByteOrder | 'unsaid'> = new Map([
  ['44440000', 'little'],
  ['44410000', 'little'],
  ['11110000', 'big'],
  ['44442020', 'little'],
  ['00004444', 'unsaid'],
  ['4d414520', 'unsaid'],
]);

/** Largest number of voxels along an axis that is believed when the byte order has to be guessed. */
const believableLength = 65_535;

/** How many of the words that only a few values fit make sense in this byte order: mode, dimensions, axis order. */
const plausibility = (words: HeaderWords): number => {
  const axes = [words.int(17), words.int(18), words.int(19)];
  const tests = [
    lookUpMode(words.int(4)).kind !== 'unknown',
    ...words.ints(1).map((n) => n > 0 && n <= believableLength),
    ...axes.map((axis) => axis >= 0 && axis <= 3),
  ];
  return tests.filter(Boolean).length;
};

export interface ByteOrderDecision {
  readonly byteOrder: ByteOrder;
  readonly warnings: readonly Warning[];
}

/** Decides the byte order from the machine stamp, checked against (or, without a sensible stamp, by) mode and dimensions. */
export const decideByteOrder = (header: Uint8Array): ByteOrderDecision => {
  const score = {
    little: plausibility(new HeaderWords(header, 'little')),
    big: plausibility(new HeaderWords(header, 'big')),
  };
  const fitting: ByteOrder = score.big > score.little ? 'big' : 'little';
  const stamp = Buffer.from(header.subarray(212, 216)).toString('hex');
  const said = knownStamps.get(stamp);
  if (said === 'unsaid') return { byteOrder: fitting, warnings: [] };
  if (said !== undefined) {
    const contradicted = said !== fitting && score[said] < score[fitting];
    if (!contradicted) return { byteOrder: said, warnings: [] };
    const message = `The machine stamp says ${said}-endian, but mode and dimensions make sense only as ${fitting}-endian; read so.`;
    return { byteOrder: fitting, warnings: [{ kind: 'header.byte-order', message }] };
  }
  if (stamp === '00000000') {
    const message = `The machine stamp is empty; mode and dimensions say ${fitting}-endian.`;
    return { byteOrder: fitting, warnings: [{ kind: 'header.no-machine-stamp', message }] };
  }
  const message = `The machine stamp is ${stamp}, which no known program writes; mode and dimensions say ${fitting}-endian.`;
  return { byteOrder: fitting, warnings: [{ kind: 'header.machine-stamp', message }] };
};
