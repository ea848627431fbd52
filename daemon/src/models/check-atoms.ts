import { LocScaleError, type Warning } from '@chimerax-like/rpc';
import { heaviestElement, type ModelColumns } from '@locscale/native';
import { atomName } from './atom-name.js';

/** What takes the place of a B-factor that the file does not give, Å²: gemmi's choice as well. */
const missingB = 50;
/** Stands in for atoms whose element is not known, as in gemmi: oxygen. */
const unknownAsElement = 8;
/** Above this share of unknown elements the file is something else. */
const mostUnknown = 0.1;
/** B-factors that differ from those of their tensors by more are worth a word: relative, and Å². */
const tensorTolerance = { relative: 0.05, absolute: 0.5 };

/** Atoms that share a peculiarity: how many there are, and the first of them. */
class Seen {
  count = 0;
  first = 0;

  add(index: number): void {
    if (this.count === 0) this.first = index;
    this.count += 1;
  }
}

const many = (seen: Seen, atoms: ModelColumns): string =>
  seen.count === 1
    ? `1 atom (${atomName(atoms, seen.first)})`
    : `${seen.count} atoms (the first is ${atomName(atoms, seen.first)})`;

/**
 * Refuses atoms without a place and puts in order what files often have wrong. Returns atoms that calculations can take as
 * they are, and what was found.
 */
export function checkAtoms(
  atoms: ModelColumns,
  name: string,
): { readonly atoms: ModelColumns; readonly warnings: readonly Warning[] } {
  const count = atoms.elements.length;
  if (count === 0)
    throw new LocScaleError(
      'input.model',
      `${name} has 0 atoms before its end, but at least one is needed; remove an END line that comes before the atoms, or give another model.`,
      { seen: 0 },
    );
  refuseWithoutPlace(atoms, name);
  const [bFactors, occupancies, elements] = [atoms.bFactors.slice(), atoms.occupancies.slice(), atoms.elements.slice()];
  const [noB, negativeB, noOccupancy, negativeOccupancy, large, unknown, unlike] = Array.from(
    { length: 7 },
    () => new Seen(),
  ) as [Seen, Seen, Seen, Seen, Seen, Seen, Seen];
  for (let i = 0; i < count; i++) {
    const [b, occupancy, element] = [bFactors[i] as number, occupancies[i] as number, elements[i] as number];
    if (!Number.isFinite(b)) {
      noB.add(i);
      bFactors[i] = missingB;
    } else if (b < 0) {
      negativeB.add(i);
      bFactors[i] = 0;
    }
    if (!Number.isFinite(occupancy)) {
      noOccupancy.add(i);
      occupancies[i] = 1;
    } else if (occupancy < 0) {
      negativeOccupancy.add(i);
      occupancies[i] = 0;
    } else if (occupancy > 1) large.add(i);
    if (element === 0) {
      unknown.add(i);
      elements[i] = unknownAsElement;
    } else if (element > heaviestElement) refuseElement(atoms, i, name);
    const difference = Math.abs((atoms.equivalentB[i] as number) - b);
    if (difference > tensorTolerance.absolute + tensorTolerance.relative * Math.abs(b)) unlike.add(i);
  }
  if (unknown.count > mostUnknown * count)
    throw new LocScaleError(
      'input.model',
      `${name}: ${unknown.count} of ${count} atoms have no known element, the first is ${atomName(atoms, unknown.first)}, but at most ${mostUnknown * 100} % may lack one; fill in the element column.`,
      { seen: unknown.count, atoms: count },
    );
  const said: readonly (readonly [Seen, string, string, string])[] = [
    [unknown, 'model.unknown-element', 'an unknown element', 'oxygen takes its place'],
    [noB, 'model.no-b-factor', 'no B-factor', `${missingB} Å² takes its place`],
    [negativeB, 'model.negative-b-factor', 'a negative B-factor', '0 takes its place'],
    [noOccupancy, 'model.no-occupancy', 'no readable occupancy', '1 takes its place'],
    [negativeOccupancy, 'model.negative-occupancy', 'a negative occupancy', '0 takes its place'],
    [large, 'model.large-occupancy', 'an occupancy above 1', 'it is used as it stands'],
    [
      unlike,
      'model.anisotropic',
      'a B-factor unlike its anisotropic tensor',
      'B-factors are used, tensors never (docs/models.md)',
    ],
  ];
  const warnings = said
    .filter(([seen]) => seen.count > 0)
    .map(([seen, kind, what, then]) => ({
      kind,
      message: `${name}: ${many(seen, atoms)} ${seen.count === 1 ? 'has' : 'have'} ${what}; ${then}.`,
    }));
  const checked = { ...atoms, bFactors, occupancies, elements };
  return { atoms: checked, warnings: [...warnings, ...uniform(checked, name)] };
}

function refuseWithoutPlace(atoms: ModelColumns, name: string): void {
  const wrong = atoms.positions.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const atom = Math.floor(wrong / 3);
  throw new LocScaleError(
    'input.model',
    `${name}: the ${'xyz'[wrong % 3] ?? ''} coordinate of atom ${atomName(atoms, atom)} is not a number, but every atom needs a place; correct or remove the atom.`,
    { atom },
  );
}

function refuseElement(atoms: ModelColumns, index: number, name: string): never {
  throw new LocScaleError(
    'input.model',
    `${name}: atom ${atomName(atoms, index)} is of element ${atoms.elements[index] ?? 0}, but scattering factors exist for elements 1 to ${heaviestElement}; correct the element.`,
    { seen: atoms.elements[index], expected: heaviestElement },
  );
}

/** Models whose B-factors say nothing, or that have no weight at all. */
function uniform(atoms: ModelColumns, name: string): readonly Warning[] {
  if (atoms.occupancies.every((occupancy) => occupancy === 0))
    throw new LocScaleError(
      'input.model',
      `${name}: every atom has the occupancy 0, but at least one must count; set the occupancies.`,
    );
  const [first] = atoms.bFactors;
  if (first === undefined || atoms.bFactors.length < 2 || !atoms.bFactors.every((b) => b === first)) return [];
  const message = `${name}: every atom has the B-factor ${first} Å², so the model says nothing of how sharp the map is where; refine its B-factors first.`;
  return [{ kind: 'model.uniform-b-factor', message }];
}
