import { refineAdp, type RefinementCycle } from '@locscale/native';
import { scatterers } from '../pseudo-model/scatterers.js';
import { programVersion } from '../version.js';
import type { EngineHooks, Refined, RefinementTask } from './types.js';

/** Refines with the kernel of this program (docs/refinement.md). */
export async function refineBuiltIn(task: RefinementTask, { signal, report }: EngineHooks): Promise<Refined> {
  const { atoms, grid, maps, mask, pseudo, resolution, restraintWeight, threads } = task;
  const cycles: RefinementCycle[] = [];
  let fraction = 0;
  const result = await refineAdp(
    {
      atoms: scatterers(atoms, pseudo),
      grid,
      maps: maps.kind === 'map' ? [maps.map] : [maps.half1, maps.half2],
      mask,
      pseudo,
      resolution,
      restraintWeight,
    },
    {
      signal,
      threads,
      onProgress: (share) => {
        fraction = share;
        report(share, cycles.length === 0 ? 'refining B-factors' : describeCycle(cycles.at(-1), cycles.length));
      },
      onCycle: (cycle) => {
        cycles.push(cycle);
        report(fraction, describeCycle(cycle, cycles.length));
      },
    },
  );
  const {
    bFactors,
    refined,
    trials,
    fscBefore,
    fsc,
    shells,
    outside,
    atLeast,
    atMost,
    halfMapsBefore: before,
  } = result;
  const after = trials.find((trial) => trial.restraintWeight === result.restraintWeight);
  return {
    engine: 'built-in',
    program: `LocScale ${programVersion}`,
    bFactors,
    refined,
    resolution,
    restraintWeight: result.restraintWeight,
    fscBefore,
    fsc,
    halfMaps: before === null || after === undefined ? null : { before, after: { work: after.work, free: after.free } },
    trials,
    cycles,
    shells,
    outside,
    atBounds: atLeast + atMost,
  };
}

function describeCycle(cycle: RefinementCycle | undefined, number: number): string {
  if (cycle === undefined) return 'refining B-factors';
  const { against, restraintWeight, fscWork, fscFree } = cycle;
  const free = fscFree === null ? '' : `, free ${fscFree.toFixed(4)}`;
  return `cycle ${number}: ${against}, restraint weight ${restraintWeight}, FSC ${fscFree === null ? '' : 'work '}${fscWork.toFixed(4)}${free}`;
}
