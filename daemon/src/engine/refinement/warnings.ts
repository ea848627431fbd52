import type { Warning } from '@chimerax-like/rpc';
import type { Refined } from './types.js';

/** LocScale's limit for B-factors that say anything of the map, Å². */
const smallRange = 10;
/** Share of atoms at a bound, and FSC of model and map, at which something is wrong. */
const manyAtBounds = 0.05;
const poorFsc = 0.2;

/** What a user should know of a refinement. */
export function refinementWarnings(result: Refined, name: string): readonly Warning[] {
  const { bFactors, refined, fsc, halfMaps, atBounds } = result;
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
      message: `${name}: the FSC of model and map is ${fsc.toFixed(3)} on average, below ${poorFsc}, so the B-factors mean little; look whether the model lies in the map.`,
    });
  if (halfMaps !== null && halfMaps.after.free <= halfMaps.before.free)
    warnings.push({
      kind: 'refinement.no-gain',
      message: `${name}: the refined B-factors agree with the half map held back no better (FSC ${halfMaps.after.free.toFixed(4)}) than one B-factor for all atoms (${halfMaps.before.free.toFixed(4)}); the map says nothing of them.`,
    });
  return warnings;
}
