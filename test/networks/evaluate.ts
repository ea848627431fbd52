import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
export const stored = (name: string): unknown => JSON.parse(new TextDecoder().decode(fixture(name)));

/** Arrays as the training writes them into JSON: base64 of their bytes, little-endian. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64'));
export const singlesOf = (text: string): Float32Array => new Float32Array(bytesOf(text).buffer);

/** Runs a graph on one cube given as channels, z, y, x; returns the first channel of the result. */
export async function evaluate(
  graph: Uint8Array,
  input: string,
  shape: readonly number[],
  values: Float32Array,
): Promise<Float32Array> {
  const session = await InferenceSession.create(graph, { intraOpNumThreads: 2, logSeverityLevel: 3 });
  try {
    const results = await session.run({ [input]: new Tensor('float32', values, [1, ...shape]) });
    const output = results[session.outputNames[0] ?? ''];
    if (!(output?.data instanceof Float32Array)) throw new Error('the graph has no output of 32-bit floats');
    return output.data;
  } finally {
    await session.release();
  }
}

/** Largest difference, as a part of the largest expected value. */
export function largestDifference(seen: ArrayLike<number>, expected: ArrayLike<number>): number {
  let worst = 0;
  let scale = 0;
  for (let at = 0; at < expected.length; at++) {
    const want = expected[at] as number;
    worst = Math.max(worst, Math.abs((seen[at] ?? NaN) - want));
    scale = Math.max(scale, Math.abs(want));
  }
  return worst / scale;
}
