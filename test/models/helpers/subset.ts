import type { ModelColumns } from '@locscale/native';

/** The atoms of a model that `keep` says yes to; residues and texts stay as they are. */
export function subset(atoms: ModelColumns, keep: (i: number) => boolean): ModelColumns {
  const kept = [...atoms.elements.keys()].filter(keep);
  const positions = Float64Array.from(
    kept.flatMap((i) => [0, 1, 2].map((axis) => atoms.positions[3 * i + axis] ?? NaN)),
  );
  const of = (column: ArrayLike<number>): number[] => kept.map((i) => column[i] ?? NaN);
  return {
    ...atoms,
    positions,
    elements: Uint8Array.from(of(atoms.elements)),
    bFactors: Float32Array.from(of(atoms.bFactors)),
    occupancies: Float32Array.from(of(atoms.occupancies)),
    equivalentB: Float32Array.from(of(atoms.equivalentB)),
    alternates: Uint8Array.from(of(atoms.alternates)),
    names: Uint32Array.from(of(atoms.names)),
    residues: Uint32Array.from(of(atoms.residues)),
    rows: Uint32Array.from(of(atoms.rows)),
  };
}

/** The half of a model that lies on the low side of the median in x. */
export function lowerHalf(atoms: ModelColumns): ModelColumns {
  const x = (i: number): number => atoms.positions[3 * i] ?? NaN;
  const along = Float64Array.from(atoms.elements, (_, i) => x(i)).sort();
  const middle = along[along.length >> 1] ?? NaN;
  return subset(atoms, (i) => x(i) <= middle);
}
