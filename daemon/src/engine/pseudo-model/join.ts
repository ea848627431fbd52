import type { ModelColumns } from '@locscale/native';

/** A chain name that the model does not have: P, Q … Z, A … O, then P1, P2 … */
function freeChain(taken: readonly string[]): string {
  const letters = 'PQRSTUVWXYZABCDEFGHIJKLMNO';
  for (let i = 0; ; i++) {
    const name = (letters[i % 26] ?? 'P') + (i < 26 ? '' : String(Math.floor(i / 26)));
    if (!taken.includes(name)) return name;
  }
}

/** Texts of both lists; the indices of the second begin where the first ends. */
const both = (a: readonly string[], b: readonly string[]): readonly string[] => [...a, ...b];

function indices(a: Uint32Array, b: Uint32Array, by: number): Uint32Array {
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  b.forEach((value, i) => (all[a.length + i] = value + by));
  return all;
}

function concat<A extends Float64Array | Float32Array | Uint32Array | Int32Array | Uint8Array>(a: A, b: A): A {
  const all = new (a.constructor as new (length: number) => A)(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** The atoms of a model and then those of another, in a chain of their own. */
export function joined(model: ModelColumns, added: ModelColumns): ModelColumns {
  return {
    positions: concat(model.positions, added.positions),
    elements: concat(model.elements, added.elements),
    bFactors: concat(model.bFactors, added.bFactors),
    occupancies: concat(model.occupancies, added.occupancies),
    equivalentB: concat(model.equivalentB, added.equivalentB),
    alternates: concat(model.alternates, added.alternates),
    names: indices(model.names, added.names, model.atomNames.length),
    residues: indices(model.residues, added.residues, model.residueNumbers.length),
    rows: concat(model.rows, added.rows),
    atomNames: both(model.atomNames, added.atomNames),
    residueNames: indices(model.residueNames, added.residueNames, model.compoundNames.length),
    residueChains: indices(model.residueChains, new Uint32Array(added.residueChains.length), model.chains.length),
    residueNumbers: concat(model.residueNumbers, added.residueNumbers),
    insertions: concat(model.insertions, added.insertions),
    heteros: concat(model.heteros, added.heteros),
    compoundNames: both(model.compoundNames, added.compoundNames),
    chains: both(model.chains, [freeChain(model.chains)]),
  };
}
