/** What stands for the half in file names, so that the rest of two names can be compared. */
const halves = /(half[-_ ]?(?:map)?[-_ ]?|unfil[-_]|[-_])([12ab])(?=[-_. ]|$)|(odd|even|evn)(?=[-_. ]|$)/i;

/** Name without the part that tells the halves apart, and which half it is. */
function readHalf(name: string): { readonly rest: string; readonly half: 1 | 2 } | undefined {
  const match = halves.exec(name);
  if (match === null) return undefined;
  const mark = (match[2] ?? match[3] ?? '').toLowerCase();
  const rest = name.slice(0, match.index) + name.slice(match.index + match[0].length);
  return { rest: rest.toLowerCase(), half: ['1', 'a', 'odd'].includes(mark) ? 1 : 2 };
}

/** Which half map a file is by its name. */
export const halfOf = (name: string): 1 | 2 | undefined => readHalf(name)?.half;

/** True for a name that says of itself to be a half map, alone or with its partner. */
export const looksLikeHalfMap = (name: string): boolean =>
  /half|unfil|(odd|even|evn)/i.test(name) && readHalf(name) !== undefined;

/** The first two names that are halves of one reconstruction (`x_half1.mrc` and `x_half2.mrc`, `_A` and `_B`), as indices, half 1 first. */
export function findHalfMaps(names: readonly string[]): readonly [number, number] | undefined {
  const read = names.map(readHalf);
  for (const [i, first] of read.entries()) {
    if (first?.half !== 1) continue;
    const j = read.findIndex((second) => second?.half === 2 && second.rest === first.rest);
    if (j !== -1) return [i, j];
  }
  return undefined;
}

export type FileRole = 'model' | 'mask' | 'reference' | 'half map' | 'scene' | 'map';

/** What a file is by its name. */
export function guessRole(name: string): FileRole {
  if (/\.(pdb|ent|cif|mmcif|bcif)(\.gz)?$/i.test(name)) return 'model';
  if (/\.mol[jx]$/i.test(name)) return 'scene';
  if (/mask|msk/i.test(name)) return 'mask';
  if (/(reference|model)[-_ ]?(map)?|molmap|simulated/i.test(name)) return 'reference';
  return looksLikeHalfMap(name) ? 'half map' : 'map';
}
