import type { ServalcatVariant } from './find.js';

/** Files of one run, in its own folder. */
export const files = {
  model: 'in.cif',
  half1: 'half1.mrc',
  half2: 'half2.mrc',
  map: 'map.mrc',
  /** What every output's name begins with. */
  prefix: 'refined',
  refined: 'refined.mmcif',
} as const;

/** LocScale's number of cycles, and the B-factor that every atom begins with, Å². */
export const servalcatCycles = 10;
export const startB = 40;

/** The arguments of a run: those that LocScale gives with REFMAC5, and their counterpart without (adp-refinement.md 11). */
export function servalcatArguments(
  variant: ServalcatVariant,
  maps: 'half maps' | 'map',
  resolution: number,
): readonly string[] {
  const data = maps === 'map' ? ['--map', files.map] : ['--halfmaps', files.half1, files.half2];
  const d = resolution.toFixed(2);
  const cycles = String(servalcatCycles);
  switch (variant) {
    case 'refine_spa':
      return [
        ...['refine_spa', '--model', files.model, '--resolution', d, '--ncycle', cycles],
        ...['--output_prefix', files.prefix, ...data, '--hydrogen', 'no', '--keywords', 'refi bonly'],
      ];
    case 'refine_spa_norefmac':
      return [
        ...['refine_spa_norefmac', '--model', files.model, '-d', d, '--ncycle', cycles, '-o', files.prefix, ...data],
        ...['--fix_xyz', '--adp', 'iso', '--bfactor', String(startB), '--hydrogen', 'no'],
      ];
  }
}

/** Mean FSC of a line of the log: `cycle= 3 FSCaverage= 0.81` of REFMAC5, `FSCaverage = 0.81` of servalcat's own engine. */
export function fscOfLine(line: string): number | null {
  const text = /FSCaverage\s*=\s*(-?\d+(?:\.\d+)?)/u.exec(line)?.[1];
  return text === undefined ? null : Number(text);
}
