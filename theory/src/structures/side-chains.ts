import type { Random } from '../../../demo/dist/random.js';
import type { Backbone } from '../../../demo/dist/structure/atom.js';
import { type PlacedAtom, type ResidueName, rotamers, sideChain } from '../../../demo/dist/structure/side-chains.js';
import { distance } from '../../../demo/dist/structure/vector.js';
import type { Scatterer } from '../scattering.js';
import { attraction, contactEnergy } from './contacts.js';

/**
 * Per cent of each residue type in proteins, rounded from the composition of UniProtKB/Swiss-Prot. Types without a
 * template stand with the one nearest in shape: asparagine with aspartate, glutamine with glutamate, cysteine with
 * serine, proline with valine, histidine and tryptophan with phenylalanine.
 */
const composition: Readonly<Record<ResidueName, number>> = {
  ALA: 8,
  GLY: 7,
  SER: 8,
  VAL: 12,
  THR: 5,
  LEU: 10,
  ILE: 6,
  MET: 2,
  PHE: 7,
  TYR: 3,
  ASP: 10,
  GLU: 10,
  LYS: 6,
  ARG: 6,
};

/** Standard deviation of chi angles about those of the rotamers, degrees. */
const chiSpread = 10;
/** Moves per residue of the search, and its temperature at first and at last in units of the energy. */
const search = { moves: 120, hot: 4, cold: 0.1 };
/** How far any side chain reaches from its CB, Å (arginine), and main chain from CB. */
const longest = 6.5;
const mainReach = 2.8;

/** A residue with the side chain that it has for now. */
interface Site {
  readonly residue: Backbone;
  readonly main: readonly PlacedAtom[];
  /** Residues that it may ever touch, with the distance between CB atoms (Å). */
  readonly neighbours: readonly { readonly index: number; readonly apart: number }[];
  name: ResidueName;
  side: readonly PlacedAtom[];
}

/** As many residues of each type as the composition has, in random order. */
const shuffledSequence = (count: number, random: Random): ResidueName[] => {
  const entries = Object.entries(composition) as readonly (readonly [ResidueName, number])[];
  const total = entries.reduce((sum, [, share]) => sum + share, 0);
  let upTo = 0;
  const bounds = entries.map(([name, share]) => ({ name, end: Math.round(((upTo += share) * count) / total) }));
  return Array.from({ length: count }, (_, i) => ({
    name: bounds.find(({ end }) => i < end)?.name ?? 'ALA',
    key: random.uniform(),
  }))
    .sort((a, b) => a.key - b.key)
    .map(({ name }) => name);
};

/** To 0.001 Å, so that the search takes the same way whatever the last digits of a processor's or library's cosine. */
const rounded = (atom: PlacedAtom): PlacedAtom => {
  const [x, y, z] = atom.position.map((coordinate) => Math.round(coordinate * 1000) / 1000) as [number, number, number];
  return { ...atom, position: [x, y, z] };
};

const grow = (residue: Backbone, name: ResidueName, random: Random): readonly PlacedAtom[] => {
  const choices = rotamers(name);
  const chis = choices[Math.floor(random.uniform() * choices.length)] ?? [];
  const turned = chis.map((chi) => chi + chiSpread * random.normal());
  // CB stands with the main chain.
  return sideChain(residue, name, turned).slice(1).map(rounded);
};

const mainChain = ({ N, CA, C, O, CB }: Backbone): readonly PlacedAtom[] => {
  const atoms: readonly PlacedAtom[] = [
    { name: 'N', element: 'N', position: N },
    { name: 'CA', element: 'C', position: CA },
    { name: 'C', element: 'C', position: C },
    { name: 'O', element: 'O', position: O },
    { name: 'CB', element: 'C', position: CB },
  ];
  return atoms.map(rounded);
};

/** Farthest atom of a side chain from its CB, Å. */
const extent = (site: Site): number =>
  site.side.reduce((most, { position }) => Math.max(most, distance(position, site.residue.CB)), 0);

/** Energy of the side chain of a site among all others. */
const energy = (sites: readonly Site[], at: number): number => {
  const site = sites[at] as Site;
  const own = extent(site) + attraction.reach;
  return site.neighbours.reduce((sum, { index, apart }) => {
    const other = sites[index] as Site;
    if (apart > own + longest) return sum;
    const withMain = apart < own + mainReach ? contactEnergy(site.side, other.main) : 0;
    return sum + withMain + (apart < own + extent(other) ? contactEnergy(site.side, other.side) : 0);
  }, 0);
};

/**
 * Main chains with side chains of the average composition, packed by simulated annealing (S. Kirkpatrick, C. D. Gelatt and
 * M. P. Vecchi 1983, Science 220, 671–680): a move gives a residue another rotamer, or makes two residues change their
 * types. Composition is kept, so that the amount of side chain is that of a protein.
 */
export const withSideChains = (chain: readonly Backbone[], random: Random): Scatterer[] => {
  const sequence = shuffledSequence(chain.length, random);
  const sites = chain.map((residue, i): Site => {
    const name = sequence[i] ?? 'ALA';
    const neighbours = chain.flatMap(({ CB }, index) => {
      const apart = distance(residue.CB, CB);
      return index !== i && apart < 2 * longest + attraction.reach ? [{ index, apart }] : [];
    });
    return { residue, main: mainChain(residue), neighbours, name, side: grow(residue, name, random) };
  });
  const moves = search.moves * sites.length;
  for (let move = 0; move < moves; move++) {
    const temperature = search.hot * (search.cold / search.hot) ** (move / moves);
    const [a, b] = [0, 1].map(() => Math.floor(random.uniform() * sites.length)) as [number, number];
    const swap = random.uniform() < 0.3 && a !== b;
    const changed = swap ? [a, b] : [a];
    const before = changed.map((i) => sites[i] as Site).map(({ name, side }) => ({ name, side }));
    const was = changed.reduce((sum, i) => sum + energy(sites, i), 0);
    changed.forEach((i, k) => {
      const site = sites[i] as Site;
      site.name = (before[swap ? 1 - k : k] as Site).name;
      site.side = grow(site.residue, site.name, random);
    });
    const is = changed.reduce((sum, i) => sum + energy(sites, i), 0);
    if (is <= was || random.uniform() < Math.exp((was - is) / temperature)) continue;
    changed.forEach((i, k) => Object.assign(sites[i] as Site, before[k]));
  }
  return sites.flatMap(({ main, side, name }) =>
    [...(name === 'GLY' ? main.slice(0, 4) : main), ...side].map(({ element, position }) => ({ element, position })),
  );
};
