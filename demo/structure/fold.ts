import type { Random } from '../random.js';
import type { Backbone, Region } from './atom.js';
import { arch, caDistance, relaxTrace, traceToBackbone } from './loop.js';
import { layAlong, regularSegment } from './segments.js';
import { add, cross, distance, normalise, scale, type Vec3 } from './vector.js';

/**
 * The fold: an eight-stranded alpha/beta barrel (eight parallel strands, shear number 8, inside eight helices), an arm
 * of two helices that stands off its upper rim, and a disordered tail. The barrel axis is z, its centre the origin.
 */
const barrel = {
  strands: 8,
  strandResidues: 7,
  helixResidues: 12,
  /** R = b / (2 sin(π/n) cos α) and tan α = S a / (n b) with a = 3.3 Å, b = 4.4 Å (McLachlan 1979, J. Mol. Biol. 128, 49). */
  radius: 7.2,
  tilt: (36.9 * Math.PI) / 180,
  /** Turn of each strand about its own axis that brings its hydrogen bonds in line with its neighbours'. */
  strandTurn: (10 * Math.PI) / 180,
  /** 9.4 Å outside the sheet, the usual packing distance of helix on sheet. */
  helixRadius: 16.6,
};
const armResidues = 16;
const tailResidues = 18;

const onCylinder = (radius: number, angle: number, z: number): Vec3 => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
  z,
];

/** Direction of a line on the barrel: tilted from the axis towards increasing angle (a right-handed coil). */
const coil = (angle: number): Vec3 => [
  -Math.sin(angle) * Math.sin(barrel.tilt),
  Math.cos(angle) * Math.sin(barrel.tilt),
  Math.cos(barrel.tilt),
];

interface Piece {
  readonly residues: readonly Backbone[];
  /** Residues of the loop that leads to the next piece, and where it bulges to. */
  readonly loop?: { readonly residues: number; readonly bulge: Vec3; readonly region: Region };
}

const barrelPieces = (): Piece[] => {
  const step = (2 * Math.PI) / barrel.strands;
  return Array.from({ length: barrel.strands }, (_, k) => {
    const strandAngle = k * step;
    const helixAngle = strandAngle + step / 2;
    const outward = onCylinder(1, strandAngle, 0);
    const up = coil(strandAngle);
    // Neighbours in the sheet are shifted by one residue, so every other strand starts with its other side out.
    const turned = add(
      scale(outward, Math.cos(barrel.strandTurn)),
      scale(cross(up, outward), Math.sin(barrel.strandTurn)),
    );
    const side = scale(turned, k % 2 === 0 ? 1 : -1);
    const strand = layAlong(
      regularSegment('strand', barrel.strandResidues, 'strand'),
      'strand',
      onCylinder(barrel.radius, strandAngle, 0),
      up,
      side,
    );
    const helixOut = onCylinder(1, helixAngle, 0);
    const helix = layAlong(
      regularSegment('helix', barrel.helixResidues, 'helix'),
      'helix',
      onCylinder(barrel.helixRadius, helixAngle, 0),
      scale(coil(helixAngle), -1),
      scale(helixOut, -1),
    );
    const upper = add(helixOut, [0, 0, 2]);
    const lower = add(onCylinder(1, helixAngle + step / 4, 0), [0, 0, -2]);
    const last = k === barrel.strands - 1;
    return [
      { residues: strand, loop: { residues: 5, bulge: upper, region: 'loop' as const } },
      last
        ? { residues: helix, loop: { residues: 12, bulge: helixOut, region: 'loop' as const } }
        : { residues: helix, loop: { residues: 5, bulge: lower, region: 'loop' as const } },
    ];
  }).flat();
};

/** Two antiparallel helices, 9.5 Å apart, that stand off the upper rim near the last helix. */
const armPieces = (): Piece[] => {
  const angle = 0;
  const lean = normalise(add(onCylinder(1, angle, 0), [0, 0, 0.75]));
  const sideways: Vec3 = [-Math.sin(angle), Math.cos(angle), 0];
  const middle = add(onCylinder(27, angle, 0), [0, 0, 21]);
  const helix = (shift: number, sign: 1 | -1): Backbone[] =>
    layAlong(
      regularSegment('helix', armResidues, 'arm'),
      'helix',
      add(middle, scale(sideways, shift)),
      scale(lean, sign),
      scale(sideways, -shift),
    );
  return [
    { residues: helix(-4.75, 1), loop: { residues: 4, bulge: lean, region: 'hinge' } },
    { residues: helix(4.75, -1) },
  ];
};

/** Self-avoiding walk of CA positions that starts at the end of the chain and drifts along `drift`. */
const walk = (start: Vec3, drift: Vec3, count: number, random: Random): Vec3[] => {
  const trace = [start];
  let heading = normalise(drift);
  let position = start;
  for (let i = 0; i < count; i++) {
    const kick: Vec3 = [random.normal(), random.normal(), random.normal()];
    heading = normalise(add(add(scale(heading, 0.8), scale(kick, 0.45)), scale(drift, 0.25)));
    position = add(position, scale(heading, caDistance));
    trace.push(position);
  }
  return trace;
};

const join = (chain: Backbone[], piece: Piece, next: Piece, obstacles: readonly Vec3[]): void => {
  const [before, from] = piece.residues.slice(-2);
  const [to, after] = next.residues;
  if (piece.loop === undefined || before === undefined || from === undefined || to === undefined || after === undefined)
    throw new RangeError('a loop joins two pieces of at least two residues');
  const start = [before.CA, ...arch(from.CA, to.CA, piece.loop.bulge, piece.loop.residues), after.CA];
  const ends = [before.CA, from.CA, to.CA, after.CA];
  const others = obstacles.filter((point) => ends.every((end) => distance(point, end) > 1e-3));
  const trace = relaxTrace(start, others, { first: 2, last: 2 });
  chain.push(...traceToBackbone(trace.slice(1, -1), { before: from, after: to }, piece.loop.region));
};

/** The main chain of the whole structure, residue by residue from the N terminus, barrel centre at the origin. */
export const buildFold = (random: Random): Backbone[] => {
  const pieces = [...barrelPieces(), ...armPieces()];
  const chain: Backbone[] = [];
  const obstacles = pieces.flatMap((piece) => piece.residues.map((residue) => residue.CA));
  pieces.forEach((piece, i) => {
    const next = pieces[i + 1];
    chain.push(...piece.residues);
    if (next === undefined) return;
    const before = chain.length;
    join(chain, piece, next, obstacles);
    obstacles.push(...chain.slice(before).map((residue) => residue.CA));
  });
  const last = chain.at(-1);
  const previous = chain.at(-2);
  if (last === undefined || previous === undefined) throw new RangeError('the fold has no residues');
  const free = walk(last.CA, [0.9, 0.5, 0.35], tailResidues + 1, random);
  const others = obstacles.filter((point) => distance(point, last.CA) > 1e-3 && distance(point, previous.CA) > 1e-3);
  const trace = relaxTrace([previous.CA, ...free], others, { first: 2, last: 0 });
  chain.push(...traceToBackbone(trace.slice(1), { before: last, after: undefined }, 'tail'));
  return chain;
};
