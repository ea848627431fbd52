/** Hill climbing along the coordinates with ever smaller steps; returns the best place and its value. */
export async function climb<P extends readonly number[]>(
  start: P,
  steps: readonly (readonly number[])[],
  value: (at: P) => Promise<number>,
): Promise<{ readonly at: P; readonly value: number }> {
  let best = { at: start, value: await value(start) };
  for (const step of steps) {
    // Each size of step moves a few times at most: from further away another start is nearer.
    for (let round = 0, moved = true; moved && round < 4; round++) {
      moved = false;
      for (const [axis, size] of step.entries()) {
        if (size === 0) continue;
        for (const delta of [size, -size]) {
          const at = best.at.map((n, i) => (i === axis ? n + delta : n)) as unknown as P;
          const found = await value(at);
          if (found > best.value + 1e-4) {
            best = { at, value: found };
            moved = true;
            break;
          }
        }
      }
    }
  }
  return best;
}
