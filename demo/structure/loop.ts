import type { Backbone, Region } from './atom.js';
import { completeResidue } from './segments.js';
import { add, distance, length, normalise, perpendicular, scale, subtract, type Vec3 } from './vector.js';

/** Distance of consecutive CA atoms across a trans peptide bond, Å. */
export const caDistance = 3.8;
/** CA(i) and CA(i+2) come no closer than in a tight turn, Å. */
const turnDistance = 5.4;

/**
 * Position of C and N in the plane of a trans peptide, from CA(i): along and across the line CA(i)→CA(i+1), Å; worked
 * out from the bond lengths and angles in segments.ts.
 */
const peptide = { c: { along: 1.429, across: 0.534 }, n: { along: 2.396, across: -0.378 } };

const displaced = (points: Vec3[], i: number, by: Vec3): void => {
  const point = points[i];
  if (point !== undefined) points[i] = add(point, by);
};

/** Moves two points symmetrically (or the free one alone) until their distance is `target`; `least` only pushes apart. */
const constrain = (
  points: Vec3[],
  i: number,
  j: number,
  target: number,
  least: boolean,
  free: (k: number) => boolean,
): void => {
  const a = points[i];
  const b = points[j];
  if (a === undefined || b === undefined) return;
  const apart = distance(a, b);
  if (least && apart >= target) return;
  const share = free(i) && free(j) ? 0.5 : 1;
  const correction = scale(subtract(b, a), ((apart - target) / Math.max(apart, 1e-6)) * share);
  if (free(i)) displaced(points, i, correction);
  if (free(j)) displaced(points, j, scale(correction, -1));
};

/**
 * Relaxes a chain of CA positions by position-based constraints: neighbours 3.8 Å apart, no tighter than a turn, and
 * clear of `obstacles` by `clearance` Å. The first and last `fixedEnds` points stay where they are.
 */
export const relaxTrace = (
  start: readonly Vec3[],
  obstacles: readonly Vec3[],
  fixedEnds: { readonly first: number; readonly last: number },
  clearance = 4.6,
): Vec3[] => {
  const points = [...start];
  const free = (k: number): boolean => k >= fixedEnds.first && k < points.length - fixedEnds.last;
  for (let round = 0; round < 400; round++) {
    for (let i = 0; i < points.length; i++) {
      const point = points[i];
      if (point === undefined || !free(i)) continue;
      for (const obstacle of obstacles) {
        const away = subtract(point, obstacle);
        const apart = length(away);
        if (apart < clearance && apart > 1e-6) displaced(points, i, scale(away, (0.3 * (clearance - apart)) / apart));
      }
    }
    for (let i = 0; i + 3 < points.length; i++)
      for (let j = i + 3; j < points.length; j++) constrain(points, i, j, 4.6, true, free);
    for (let i = 0; i + 2 < points.length; i++) constrain(points, i, i + 2, turnDistance, true, free);
    for (let pass = 0; pass < 4; pass++)
      for (let i = 0; i + 1 < points.length; i++) constrain(points, i, i + 1, caDistance, false, free);
  }
  return points;
};

/** The residues that a loop joins; without one, the chain ends there. */
export interface Anchors {
  readonly before: Backbone | undefined;
  readonly after: Backbone | undefined;
}

/**
 * Main chain through a trace of CA positions: one planar trans peptide on each CA–CA line. `trace` holds the CA before
 * and the CA after the loop as first and last points; their residues stay as they were built, so the two joining
 * peptides are turned to fit but only approximately planar.
 */
export const traceToBackbone = (trace: readonly Vec3[], { before, after }: Anchors, region: Region): Backbone[] => {
  const planes = trace.slice(1).map((to, i) => {
    const from = trace[i] ?? to;
    const axis = normalise(subtract(to, from));
    const next = trace[i + 2];
    let across: Vec3;
    if (i === 0 && before !== undefined) across = perpendicular(subtract(before.C, from), axis);
    else if (i === trace.length - 2 && after !== undefined) across = perpendicular(subtract(to, after.N), axis);
    // C lies on the outside of the bend at CA(i+1), which keeps the angle at CA(i+1) near its tetrahedral value.
    else across = perpendicular(next === undefined ? [1, 0.3, 0.2] : subtract(next, to), axis);
    const at = (p: { readonly along: number; readonly across: number }): Vec3 =>
      add(from, add(scale(axis, p.along), scale(across, p.across)));
    return { C: at(peptide.c), nextN: at(peptide.n) };
  });
  return trace.slice(1, -1).map((CA, i) => {
    const incoming = planes[i];
    const outgoing = planes[i + 1];
    if (incoming === undefined || outgoing === undefined) throw new RangeError('a loop needs a peptide on both sides');
    return completeResidue({ N: incoming.nextN, CA, C: outgoing.C }, outgoing.nextN, region);
  });
};

/** Starting trace of a loop of `count` residues: a parabola from `from` to `to` that bulges along `bulge`. */
export const arch = (from: Vec3, to: Vec3, bulge: Vec3, count: number): Vec3[] => {
  const span = subtract(to, from);
  const arc = caDistance * (count + 1);
  // Height of a parabola of given chord and arc length, first order of its arc series.
  const height = Math.sqrt(Math.max(0, ((arc - length(span)) * 3 * Math.max(length(span), 1)) / 8));
  const direction = length(bulge) > 0 ? normalise(bulge) : perpendicular([0, 0, 1], normalise(span));
  return Array.from({ length: count + 2 }, (_, i) => {
    const t = i / (count + 1);
    return add(add(from, scale(span, t)), scale(direction, 4 * height * t * (1 - t)));
  });
};
