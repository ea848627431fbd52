import { nativeInfo, restrictSimd, scaleWindows, type ScaleWindowsInput, slabSections } from '@locscale/native';
import { afterEach, describe, expect, it } from 'vitest';
import { type Box, gather, maskOf, noVoxels, scatter, sumCounts, unitsOf } from './units.js';

const shape = [100, 24, 45] as const;
const length = shape[0] * shape[1] * shape[2];
const random = (seed: number): Float32Array => {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
};
/** Ragged, at the edges of the box too, with gaps along y. */
const mask = Uint8Array.from(random(3), (value, i) => Number(value > 0.2 && Math.floor(i / 45) % 13 > 2));
const map = random(1);
const reference = random(2);
const base = { map, reference, mask, shape, windowSize: 12, fill: { map: 0.25, reference: -0.5 } };
const cutoffs = { voxelSize: 1, wilsonCutoff: 10, fscCutoff: 2.5 };
const bytesOf = ({ buffer }: Float32Array): Uint8Array => new Uint8Array(buffer);
const differenceMask = Uint8Array.from(random(4), (value) => Number(value > 0));
const theory = Float64Array.from({ length: 7 }, (_, i) => Math.exp(-i / 3));
const forms: readonly (readonly [string, ScaleWindowsInput])[] = [
  ['atomic', { ...base, form: 'atomic' }],
  ['atomic, full shells', { ...base, form: 'atomic', profile: 'shell' }],
  ['no-reference', { ...base, form: 'no-reference', ...cutoffs, targetBfactor: 20 }],
  ['hybrid', { ...base, form: 'hybrid', ...cutoffs, nyquistCutoff: 2.1, boost: 1, theory, differenceMask }],
];

describe('units of work', () => {
  afterEach(() => {
    restrictSimd('');
  });
  const box: Box = { mask, shape, slabHeight: slabSections() };
  const units = unitsOf(mask, shape, box.slabHeight);

  it('hold every mask voxel once', () => {
    expect(units).toHaveLength(2 * 3);
    expect(units.reduce((sum, { voxels }) => sum + voxels, 0)).toBe(mask.filter((value) => value === 1).length);
    const seen = new Float32Array(length);
    for (const unit of units)
      scatter(
        [unit],
        box,
        gather(
          [unit],
          box,
          Float32Array.from(seen, (value) => value + 1),
        ),
        seen,
      );
    expect(Buffer.compare(Uint8Array.from(seen), mask)).toBe(0);
  });

  // All forms where vectors are widest, one form with each narrower set of instructions.
  const cases = nativeInfo().targets.flatMap((target, i) =>
    (i === 0 ? forms : forms.slice(0, 1)).map(([form, input]) => [form, target, input] as const),
  );

  it.each(cases)(
    'scale by themselves to the voxels of the whole, bit for bit: %s with %s',
    async (_form, target, input) => {
      restrictSimd(target);
      const whole = await scaleWindows(input);
      const together = {
        scaled: new Float32Array(length),
        bfactors: new Float32Array(length),
        qualities: new Float32Array(length),
      };
      const room = new Uint8Array(length);
      let counts = noVoxels;
      // Some one by one, some together, in another order.
      for (const group of [[5], [0, 2], [4], [1], [3]]) {
        const taken = group.map((i) => units[i]).filter((unit) => unit !== undefined);
        const part = await scaleWindows({ ...input, mask: maskOf(taken, box, room) }, { threads: 1 });
        counts = sumCounts(counts, part);
        for (const name of ['scaled', 'bfactors', 'qualities'] as const) {
          const values = part[name];
          if (values !== undefined) scatter(taken, box, gather(taken, box, values), together[name]);
        }
      }
      for (const name of ['scaled', 'bfactors', 'qualities'] as const) {
        const [ours, theirs] = [together[name], whole[name] ?? new Float32Array(length)];
        expect(Buffer.compare(bytesOf(ours), bytesOf(theirs)), name).toBe(0);
      }
      const { scaledVoxels, emptyWindows, failedFits } = whole;
      expect(counts).toEqual({ scaledVoxels, emptyWindows, failedFits });
    },
  );
});
