import type { Random } from '../../../demo/dist/random.js';
import type { Backbone } from '../../../demo/dist/structure/atom.js';
import { layAlong } from '../../../demo/dist/structure/segments.js';
import { normalise, type Vec3 } from '../../../demo/dist/structure/vector.js';
import type { Scatterer } from '../scattering.js';
import { withLoops } from './loops.js';
import { irregularSegment } from './segments.js';
import { withSideChains } from './side-chains.js';

/**
 * Distance of the axes of packed helices: mean and standard deviation, Å (Chothia, Levitt and Richardson 1981, J. Mol.
 * Biol. 145, 215–250: 9.4 Å on average, 6.8 to 12).
 */
const spacing = { mean: 9.6, deviation: 0.6 };
/** Standard deviation of each component of an axis off the bundle's, as a tangent: axes cross at about 20°. */
const lean = 0.18;
/** Share of residues outside helices in proteins of the all-alpha class. */
const irregular = 0.3;

/** A bundle of seven alpha helices, one amid six, each of 12 to 24 residues, up or down, turned and shifted at random. */
export const helixBundle = (random: Random): Scatterer[] => {
  const sites = [
    [0, 0] as const,
    ...[0, 1, 2, 3, 4, 5].map((k) => [Math.cos((k * Math.PI) / 3), Math.sin((k * Math.PI) / 3)] as const),
  ];
  const chain = sites.flatMap(([x, y]): Backbone[] => {
    const away = spacing.mean + spacing.deviation * random.normal();
    const centre: Vec3 = [x * away, y * away, 2 * random.normal()];
    const up = random.uniform() < 0.5 ? 1 : -1;
    const along = normalise([lean * random.normal(), lean * random.normal(), up]);
    const turn = 2 * Math.PI * random.uniform();
    const count = 12 + Math.floor(13 * random.uniform());
    return layAlong(irregularSegment('helix', count, random), 'helix', centre, along, [
      Math.cos(turn),
      Math.sin(turn),
      0,
    ]);
  });
  return withSideChains(withLoops(chain, irregular, random), random);
};
