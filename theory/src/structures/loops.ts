import type { Random } from '../../../demo/dist/random.js';
import type { Backbone } from '../../../demo/dist/structure/atom.js';
import { NeighbourGrid } from '../../../demo/dist/structure/neighbour-grid.js';
import { type Dihedrals, layAlong, segment } from '../../../demo/dist/structure/segments.js';
import { add, normalise, scale, type Vec3 } from '../../../demo/dist/structure/vector.js';

/**
 * Where residues outside helices and strands lie in the Ramachandran plot, degrees, and how often: roughly the basins of
 * coil libraries (polyproline, beta, right-handed and left-handed helix).
 */
const basins: readonly (Dihedrals & { readonly share: number })[] = [
  { phi: -68, psi: 145, share: 0.38 },
  { phi: -115, psi: 130, share: 0.24 },
  { phi: -70, psi: -30, share: 0.3 },
  { phi: 58, psi: 38, share: 0.08 },
];
const basinWidth = 15;

const coilDihedrals = (random: Random): Dihedrals => {
  const draw = random.uniform();
  let upTo = 0;
  const basin = basins.find(({ share }) => (upTo += share) > draw) ?? { phi: -68, psi: 145 };
  return { phi: basin.phi + basinWidth * random.normal(), psi: basin.psi + basinWidth * random.normal() };
};

const randomDirection = (random: Random): Vec3 => normalise([random.normal(), random.normal(), random.normal()]);

const mainChain = ({ N, CA, C, O, CB }: Backbone): readonly Vec3[] => [N, CA, C, O, CB];

/** Nearest approach of main chains, Å: no closer than `least`, and near enough to touch. */
const approach = { least: 4.2, most: 7.5 };

/** Whether no two atoms of residues three or more apart come too close. */
const avoidsItself = (piece: readonly Backbone[]): boolean =>
  piece.every((residue, i) =>
    piece
      .slice(i + 2)
      .every((other) =>
        mainChain(residue).every((p) =>
          mainChain(other).every((q) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > 3),
        ),
      ),
  );

/**
 * Adds pieces of irregular chain of four to eight residues that touch what is there without running into it, until
 * `share` of the residues is irregular. Where the pieces join the rest does not matter to a profile, so they do not.
 */
export const withLoops = (chain: readonly Backbone[], share: number, random: Random): Backbone[] => {
  const grown = [...chain];
  const grid = new NeighbourGrid<null>(approach.most);
  const insert = (residue: Backbone): void => {
    for (const position of mainChain(residue)) grid.insert(position, null);
  };
  chain.forEach(insert);
  const wanted = Math.round(chain.length / (1 - share));
  // Ends soon after: one piece in about twenty finds its place.
  for (let attempt = 0; grown.length < wanted && attempt < 4000; attempt++) {
    const dihedrals = Array.from({ length: 9 }, () => coilDihedrals(random));
    const count = 4 + Math.floor(5 * random.uniform());
    const anchor = grown[Math.floor(random.uniform() * grown.length)];
    if (anchor === undefined) return grown;
    const centre = add(anchor.CA, scale(randomDirection(random), 5 + 4 * random.uniform()));
    const residues = segment((residue) => dihedrals[residue] ?? { phi: -68, psi: 145 }, count, 'loop');
    const piece = layAlong(residues, 'strand', centre, randomDirection(random), randomDirection(random));
    const nearest = Math.min(...piece.flatMap(mainChain).map((position) => grid.nearest(position, () => true)));
    if (nearest < approach.least || nearest > approach.most || !avoidsItself(piece)) continue;
    piece.forEach(insert);
    grown.push(...piece);
  }
  return grown;
};
