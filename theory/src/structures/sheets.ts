import type { Random } from '../../../demo/dist/random.js';
import type { Backbone } from '../../../demo/dist/structure/atom.js';
import { layAlong } from '../../../demo/dist/structure/segments.js';
import { add, cross, distance, normalise, scale, type Vec3 } from '../../../demo/dist/structure/vector.js';
import type { Scatterer } from '../scattering.js';
import { withLoops } from './loops.js';
import { irregularSegment } from './segments.js';
import { withSideChains } from './side-chains.js';

/** Distance of neighbouring strands, Å (Pauling and Corey 1951, PNAS 37, 729–740: 4.7 to 4.85), searched around. */
const strandDistances = [4.6, 4.8, 5.0];
/** Turn from strand to strand about their common perpendicular, radians: left-handed; mean and standard deviation. */
const twist = { mean: (-16 * Math.PI) / 180, deviation: (4 * Math.PI) / 180 };
/** Distance of packed sheets, Å, and the angle between their strands (Chothia and Janin 1981, PNAS 78, 4146–4150). */
const packing = { distance: 10, deviation: 0.5, angle: (-30 * Math.PI) / 180 };

/** Share of residues outside strands and helices. */
const irregular = 0.4;

/** Nitrogen to oxygen in a hydrogen bond, Å. */
const hydrogenBond = { mean: 2.9, deviation: 0.25 };

/** How well two strands bond: hydrogen bonds count up to one, main-chain atoms closer than 3 Å count against it. */
const bonding = (a: readonly Backbone[], b: readonly Backbone[]): number => {
  let score = 0;
  for (const p of a)
    for (const q of b) {
      for (const [N, O] of [
        [p.N, q.O],
        [q.N, p.O],
      ] as const)
        score += Math.exp(-0.5 * ((distance(N, O) - hydrogenBond.mean) / hydrogenBond.deviation) ** 2);
      for (const one of [p.CA, p.C, p.O, p.CB]) {
        for (const other of [q.CA, q.C, q.O, q.CB]) if (distance(one, other) < 3) score -= 1;
      }
    }
  return score;
};

/** Steps of the search for the place of a strand beside its neighbour: along it (Å) and about its own axis (degrees). */
const shifts = [-3, -2, -1, 0, 1, 2, 3];
const rolls = [-30, -15, 0, 15, 30].map((degrees) => (degrees * Math.PI) / 180);

/** Where one sheet lies: its middle, the direction of its strands there, and its normal. */
export interface SheetFrame {
  readonly centre: Vec3;
  readonly along: Vec3;
  readonly normal: Vec3;
}

/** A twisted sheet of five or six strands of six to eight residues, parallel or not, each set to bond with the one before. */
export const sheet = ({ centre, along, normal }: SheetFrame, random: Random): Backbone[] => {
  const across = cross(along, normal);
  const count = 5 + Math.floor(2 * random.uniform());
  const turn = twist.mean + twist.deviation * random.normal();
  let last: readonly Backbone[] = [];
  let place = 0;
  return Array.from({ length: count }, (_, i): readonly Backbone[] => {
    const residues = irregularSegment('strand', 6 + Math.floor(3 * random.uniform()), random);
    const tilt = (i - (count - 1) / 2) * turn;
    const up = add(scale(along, Math.cos(tilt)), scale(normal, Math.sin(tilt)));
    const outward = add(scale(normal, Math.cos(tilt)), scale(along, -Math.sin(tilt)));
    const direction = random.uniform() < 0.5 ? 1 : -1;
    const candidate = (gap: number, shift: number, roll: number): Backbone[] =>
      layAlong(
        residues,
        'strand',
        add(centre, add(scale(across, place + gap - 2.4 * (count - 1)), scale(up, shift))),
        scale(up, direction),
        add(scale(outward, Math.cos(roll)), scale(across, Math.sin(roll))),
      );
    if (i === 0) return (last = candidate(0, 0, 0));
    const tries = strandDistances.flatMap((gap) =>
      shifts.flatMap((shift) =>
        rolls
          .flatMap((roll) => [roll, roll + Math.PI])
          .map((roll) => {
            const strand = candidate(gap, shift, roll);
            return { strand, gap, score: bonding(last, strand) };
          }),
      ),
    );
    const best = tries.reduce((a, b) => (b.score > a.score ? b : a));
    place += best.gap;
    last = best.strand;
    return last;
  }).flat();
};

/** Two twisted sheets face to face. */
export const sheetSandwich = (random: Random): Scatterer[] => {
  const apart = packing.distance + packing.deviation * random.normal();
  const { angle } = packing;
  const chain = [
    ...sheet({ centre: [0, 0, -apart / 2], along: [0, 1, 0], normal: [0, 0, 1] }, random),
    ...sheet({ centre: [0, 0, apart / 2], along: [-Math.sin(angle), Math.cos(angle), 0], normal: [0, 0, 1] }, random),
  ];
  return withSideChains(withLoops(chain, irregular, random), random);
};

/** A sheet with two helices on either face, their axes roughly along its strands (the layers of an alpha/beta fold). */
export const layeredFold = (random: Random): Scatterer[] => {
  const helix = (x: number, z: number): Backbone[] => {
    const up = random.uniform() < 0.5 ? 1 : -1;
    const turn = 2 * Math.PI * random.uniform();
    const along = normalise([0.1 * random.normal(), up, 0.1 * random.normal() - 0.02 * x * up]);
    const residues = irregularSegment('helix', 10 + Math.floor(7 * random.uniform()), random);
    const height = z + 0.5 * random.normal();
    return layAlong(residues, 'helix', [x, 2 * random.normal(), height], along, [Math.cos(turn), 0, Math.sin(turn)]);
  };
  const chain = [
    ...sheet({ centre: [0, 0, 0], along: [0, 1, 0], normal: [0, 0, 1] }, random),
    ...[10, -10].flatMap((z) => [-9.6, 0, 9.6].flatMap((x) => helix(x + random.normal(), z))),
  ];
  return withSideChains(withLoops(chain, irregular, random), random);
};
