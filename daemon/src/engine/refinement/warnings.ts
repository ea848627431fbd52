import type { Warning } from '@chimerax-like/rpc';
import type { Refined } from './types.js';

/** LocScale's limit for B-factors that say anything of the map, Å². */
const smallRange = 10;
/** Share of atoms at a bound, and FSC of model and map, at which something is wrong. */
const manyAtBounds = 0.05;
const poorFsc = 0.2;
/** Where that FSC is looked at, Å: any map of atoms reaches so far, whatever lies beyond the data in the shells behind it. */
const judgedFrom = 12;
const judgedTo = 6;

/** What a user should know of a refinement. */
export function refinementWarnings(result: Refined, name: string): readonly Warning[] {
  const { bFactors, refined, halfMaps, atBounds } = result;
  const fsc = fitOf(result);
  const values = bFactors.filter((_, i) => refined[i] === 1);
  const [least, most] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), 0)];
  const warnings: Warning[] = [];
  if (most - least < smallRange)
    warnings.push({
      kind: 'refinement.range',
      message: `${name}: the refined B-factors lie between ${least.toFixed(1)} and ${most.toFixed(1)} Å², less than ${smallRange} Å² apart, so they hardly tell sharp from blurred places; look whether model and map belong together.`,
    });
  if (atBounds > manyAtBounds * values.length)
    warnings.push({
      kind: 'refinement.bounds',
      message: `${name}: ${atBounds} of ${values.length} atoms ended at the smallest or largest B-factor allowed; look whether model and map belong together.`,
    });
  if (fsc !== null && fsc < poorFsc)
    warnings.push({
      kind: 'refinement.poor-fit',
      message: `${name}: the FSC of model and map is ${fsc.toFixed(3)} on average between ${judgedFrom} and ${judgedTo} Å, below ${poorFsc}, so the B-factors mean little; look whether the model lies in the map.`,
    });
  if (halfMaps !== null && halfMaps.after.free <= halfMaps.before.free)
    warnings.push({
      kind: 'refinement.no-gain',
      message: `${name}: the refined B-factors agree with the half map held back no better (FSC ${halfMaps.after.free.toFixed(4)}) than one B-factor for all atoms (${halfMaps.before.free.toFixed(4)}); the map says nothing of them.`,
    });
  return warnings;
}

/** Mean FSC of model and map over the coefficients between 12 and 6 Å; of all, where the engine tells no more. */
function fitOf({ shells, fsc }: Pick<Refined, 'shells' | 'fsc'>): number | null {
  if (shells === null) return fsc;
  let [sum, count] = [0, 0];
  shells.frequency.forEach((frequency, i) => {
    if (frequency < 1 / judgedFrom || frequency > 1 / judgedTo) return;
    const coefficients = shells.count[i] ?? 0;
    sum += coefficients * (shells.fsc[i] ?? 0);
    count += coefficients;
  });
  return count > 0 ? sum / count : fsc;
}
