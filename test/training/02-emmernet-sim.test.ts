import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../daemon/src/networks/library/manifest.js';
import { decodeModel } from '../../daemon/src/networks/onnx/decode.js';
import { bytesOf, evaluate, largestDifference, singlesOf, stored } from '../networks/evaluate.js';

/** A cube of a held-out reconstruction, the truth, and every third voxel of PyTorch's mean; training/…/export.py makes it. */
interface Cube {
  readonly every: number;
  readonly input: string;
  readonly truth: string;
  readonly mean: string;
}
const cube = stored('emmernet-sim-cube.json') as Cube;
const halves = (text: string): Float32Array => Float32Array.from(new Uint16Array(bytesOf(text).buffer), half);

/** A number in IEEE 754 half precision, from its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, at) => {
    const [da, db] = [value - ma, (b[at] ?? NaN) - mb];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  });
  return ab / Math.sqrt(aa * bb);
}

const delivered = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../daemon/data/networks/emmernet-sim/${name}`, import.meta.url)));

describe('the network that ships with the program', () => {
  const graph = delivered('network.onnx');
  const manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(delivered('manifest.json'))));

  it('is what its manifest says, and small', () => {
    expect(createHash('sha256').update(graph).digest('hex')).toBe(manifest.graph.sha256);
    expect(graph.length).toBe(manifest.graph.bytes);
    expect(graph.length).toBeLessThan(10 * 2 ** 20);
    expect(manifest.name).toBe('emmernet-sim');
    expect(manifest.calibrator?.samples).toBe(15);
    expect(manifest.trainingData).toContain('simulated');
  });

  it('has little behind its dropout: one transposed convolution and one sum', () => {
    const { nodes } = decodeModel(graph).graph;
    const random = new Set(manifest.dropouts.map(({ node }) => node));
    expect(random.size).toBeGreaterThan(0);
    const behind: string[] = [];
    for (const { op, name, inputs, outputs } of nodes) {
      if (!random.has(name) && !inputs.some((input) => random.has(input))) continue;
      for (const output of outputs) random.add(output);
      behind.push(op);
    }
    expect(behind).toEqual(['Identity', 'ConvTranspose', 'Add']);
  });

  it('gives in onnxruntime what it gave in PyTorch, and a cube nearer to the truth than it was', async () => {
    const input = halves(cube.input);
    const output = await evaluate(graph, 'map', [1, 32, 32, 32], input);
    const sampled = output.filter((_, at) => at % cube.every === 0);
    expect(largestDifference(sampled, singlesOf(cube.mean))).toBeLessThan(1e-4);
    const truth = halves(cube.truth);
    expect(correlation(output, truth)).toBeGreaterThan(correlation(input, truth) + 0.02);
  });
});
