/** Repeatable numbers in [centre - spread, centre + spread): a hash of the index, the same as in make_references.py. */
export function weightValues(seed: number, count: number, centre: number, spread: number): Float32Array {
  const values = new Float32Array(count);
  const start = Math.imul(seed, 0x9e3779b1);
  for (let index = 0; index < count; index++) {
    let x = (index + 1 + start) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x = (x ^ (x >>> 16)) >>> 0;
    values[index] = centre + spread * (x / 2 ** 31 - 1);
  }
  return values;
}
