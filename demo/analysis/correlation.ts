import type { Envelope } from '../simulation/mask.js';

/** Pearson correlation of two maps over the voxels that `selected` marks with 1. */
export const correlation = (a: Float32Array, b: Float32Array, selected: Uint8Array): number => {
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  selected.forEach((use, i) => {
    if (use === 0) return;
    const [x, y] = [a[i] as number, b[i] as number];
    n++;
    sa += x;
    sb += y;
    saa += x * x;
    sbb += y * y;
    sab += x * y;
  });
  return (sab - (sa * sb) / n) / Math.sqrt((saa - (sa * sa) / n) * (sbb - (sb * sb) / n));
};

/** A part of the molecule that is judged by itself. */
export interface RegionClass {
  readonly label: string;
  readonly selected: Uint8Array;
  readonly voxels: number;
}

/** Limits (Å²) of the B-factor classes: well ordered, intermediate, flexible. */
export const classLimits = { low: 40, high: 90 } as const;

/**
 * The voxels of the molecule by the B-factor of the nearest atom; those nearest to the tail, which the reference lacks, form
 * a class of their own. `tail` marks them with 1.
 */
export const regionClasses = (envelope: Envelope, tail: Float32Array): RegionClass[] => {
  const { low, high } = classLimits;
  const build = (label: string, test: (b: number, inTail: boolean) => boolean): RegionClass => {
    const selected = Uint8Array.from(envelope.mask, (inside, i) =>
      inside > 0 && test(envelope.bFactor[i] as number, (tail[i] as number) > 0) ? 1 : 0,
    );
    return { label, selected, voxels: selected.reduce((sum, one) => sum + one, 0) };
  };
  return [
    build('whole molecule', () => true),
    build(`B < ${low} Å²`, (b, inTail) => !inTail && b < low),
    build(`B ${low}–${high} Å²`, (b, inTail) => !inTail && b >= low && b < high),
    build(`B > ${high} Å²`, (b, inTail) => !inTail && b >= high),
    build('tail, not in reference', (_, inTail) => inTail),
  ];
};

/** All voxels that belong to a B-factor class, which leaves out the tail. */
export const modelledVoxels = (classes: readonly RegionClass[]): Uint8Array => {
  const byB = classes.slice(1, -1);
  return Uint8Array.from(classes[0]?.selected ?? [], (_, i) => (byB.some(({ selected }) => selected[i] === 1) ? 1 : 0));
};
