/**
 * Puts and reads entries without end, as an engine does, until it is killed:
 * `node writer.mjs FOLDER LIMIT_BYTES SEED [ROUNDS]`. Says `ready` when the first entry is there. Each value is made of its number,
 * so that whoever reads one can tell whether it is whole; a value that is not ends this process with code 3.
 */
import { isDeepStrictEqual } from 'node:util';
import { keyOf, Store } from '../../daemon/dist/store/index.js';

const [folder = '', limit = '', seed = '', rounds = 'Infinity'] = process.argv.slice(2);
const store = await Store.open(folder, { limitBytes: Number(limit) });

/** @param {number} n */
const value = (n) => ({
  seed: n,
  wide: Float64Array.from({ length: 5_000 }, (_, i) => n * 1e6 + i),
  narrow: { inside: [Float32Array.from({ length: 5_000 }, (_, i) => n + i)] },
});

let state = Number(seed);
for (let round = 0; round < Number(rounds); round++) {
  // A linear congruence: which of 20 entries comes next.
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  const n = (state >>> 16) % 20;
  const key = keyOf({ step: 'test', n });
  const found = await store.get(key);
  if (found !== undefined && !isDeepStrictEqual(found, value(n))) process.exit(3);
  await store.put(key, value(n));
  if (round === 0) process.stdout.write('ready\n');
}
