import { lookUpMode } from './modes.js';
import { readVolume } from './read-volume.js';
import type { Volume } from './types.js';
import { HeaderWords } from './words.js';

/** One strict check of a file: what was looked at, whether it is as MRC2014 wants it, and what was seen. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly seen: string;
}

interface Subject extends Volume {
  readonly words: HeaderWords;
}

type Check = readonly [name: string, look: (subject: Subject) => readonly [ok: boolean, seen: string]];

const strictStamps = ['44440000', '44410000', '11110000'];
const extendedTypes = ['CCP4', 'MRCO', 'SERI', 'AGAR', 'FEI1', 'FEI2', 'HDF5'];
/** Stored statistics are float32, and programs sum in different orders. */
const statisticsTolerance = 1e-3;

const show = (n: number): string => String(Number(n.toPrecision(6)));
const list = (numbers: readonly number[]): string => numbers.map(show).join(', ');
const range = (numbers: readonly number[]): number => Math.max(...numbers) / Math.min(...numbers) - 1;

/** NLABL must count the lines in use, and they must come first. */
const labelsInOrder = (words: HeaderWords): boolean => {
  const used = Array.from({ length: 10 }, (_, i) => words.text(57 + i * 20, 80).trim() !== '');
  return used.every((inUse, i) => inUse === i < words.int(56));
};

/** MRC2014 lets a program mark statistics it did not compute: maximum below minimum, mean below both, RMS below 0. */
const statisticsCheck = ({ header, statistics }: Subject): readonly [boolean, string] => {
  const { min, max, mean, rms } = header.storedStatistics;
  const near = (stored: number, real: number): boolean =>
    Math.abs(stored - real) <= statisticsTolerance * Math.max(Math.abs(real), statistics.sd);
  const rangeFits = max < min || (near(min, statistics.min) && near(max, statistics.max));
  const meanFits = mean < Math.min(min, max) || near(mean, statistics.mean);
  const rmsFits = rms < 0 || near(rms, statistics.sd);
  const real = list([statistics.min, statistics.max, statistics.mean, statistics.sd]);
  return [rangeFits && meanFits && rmsFits, `stored ${list([min, max, mean, rms])}; voxels ${real}`];
};

const checks: readonly Check[] = [
  [
    'identifier is “MAP ”',
    ({ words }) => bytes(words, 53, (id) => Buffer.from(id, 'hex').toString('latin1') === 'MAP '),
  ],
  ['machine stamp is one of the format', ({ words }) => bytes(words, 54, (stamp) => strictStamps.includes(stamp))],
  [
    'mode is one that is read',
    ({ header }) => [lookUpMode(header.mode).kind === 'read', `${header.mode} (${header.modeName})`],
  ],
  ['axis order is filled in', ({ words }) => [words.int(17) !== 0, list(words.ints(17))]],
  ['MX, MY, MZ are filled in', ({ words }) => [words.ints(8).every((n) => n > 0), list(words.ints(8))]],
  ['cell angles are 90°', ({ header }) => [header.angles.every((angle) => angle === 90), list(header.angles)]],
  ['voxels are cubic within 0.1 %', ({ grid }) => [range(grid.voxelSize) <= 0.001, `${list(grid.voxelSize)} Å`]],
  ['origin is finite', ({ header }) => [header.originWords.every(Number.isFinite), `${list(header.originWords)} Å`]],
  ['space group is 1 (a volume)', ({ header }) => [header.spaceGroup === 1, String(header.spaceGroup)]],
  [
    'extended header has a known type',
    ({ header: { extended } }) => [
      extended.bytes.length === 0 || extendedTypes.includes(extended.type),
      extended.bytes.length === 0 ? 'none' : `${extended.type || 'no type'}, ${extended.bytes.length} bytes`,
    ],
  ],
  ['format version is 20140 or 20141', ({ words }) => [[20140, 20141].includes(words.int(28)), String(words.int(28))]],
  ['labels are counted and without gaps', ({ words }) => [labelsInOrder(words), `NLABL ${words.int(56)}`]],
  ['file length is exact', ({ warnings }) => fileLength(warnings.map(({ kind }) => kind))],
  ['stored statistics are those of the voxels', statisticsCheck],
  ['voxels are not all equal', ({ statistics }) => [statistics.min !== statistics.max, `sd ${show(statistics.sd)}`]],
];

function bytes(words: HeaderWords, word: number, test: (hex: string) => boolean): readonly [boolean, string] {
  const hex = Buffer.from(words.raw(word)).toString('hex');
  return [test(hex), `bytes ${hex.replace(/(..)(?!$)/gu, '$1 ')}`];
}

function fileLength(kinds: readonly string[]): readonly [boolean, string] {
  if (kinds.includes('file.trailing-bytes')) return [false, 'bytes after the last voxel'];
  if (kinds.includes('header.extended-missing')) return [false, 'the announced extended header is missing'];
  return [true, 'as the header says'];
}

/**
 * Reads a map as `readVolume` does (which throws for what cannot be used at all) and holds it against the letter of MRC2014.
 * Reading forgives all of these; writing never makes one of them.
 */
export const checkStrictly = async (path: string): Promise<readonly Finding[]> => {
  const volume = await readVolume(path, { requireSignal: false });
  const subject: Subject = { ...volume, words: new HeaderWords(volume.header.bytes, volume.header.byteOrder) };
  return checks.map(([check, look]) => {
    const [ok, seen] = look(subject);
    return { check, ok, seen };
  });
};
