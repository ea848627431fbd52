import { afterEach, describe, expect, it } from 'vitest';
import { MapNetwork, openNetwork, probeProviders } from '../../daemon/dist/networks/index.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';
import type { Model } from '../../daemon/src/networks/onnx/model.js';
import { fillMask, keepingOf } from '../../daemon/src/networks/runtime/sampling/mask-bits.js';
import { keyOfSeed } from '../../daemon/src/networks/runtime/sampling/philox.js';
import { largestDifference } from './evaluate.js';
import { smallNetwork } from './small-network.js';
import { weightValues } from './weight-values.js';

const cube = [8, 6, 4] as const;
const voxels = 8 * 6 * 4;
const converted = smallNetwork({ cube: [8, 8, 8], channels: 4, element: 0.25, channel: 0.5 });
const file = encodeModel(converted.model);
const manifest = {
  dropouts: converted.dropouts.map((each) => ({ ...each, shape: [...each.shape] as [number, number, number, number] })),
  input: [...converted.input] as [number, number, number, number],
  graph: { file: 'network.onnx', bytes: file.length, sha256: '0'.repeat(64) },
};
const cubes = weightValues(500, 3 * voxels, 0, 1);
const sampling = { passes: 3, seed: 11 };
const settings = { device: 'cpu', threads: 1, cube, sampling } as const;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((network) => network.close()));
});
async function opened<T extends { close(): Promise<void> }>(network: Promise<T>): Promise<T> {
  open.push(await network);
  return network;
}

/** The same network with the masks as plain factors, one float a value: no bits, no cut. */
function withFactors({ graph, ...model }: Model): Model {
  const nodes = graph.nodes.map((node) =>
    node.name.startsWith('drop/') ? { ...node, op: 'Mul', inputs: [...node.inputs, `factor:${node.name}`] } : node,
  );
  const inputs = manifest.dropouts.map(({ node }) => ({ name: `factor:${node}`, type: 'float32', dims: [] }) as const);
  return { ...model, graph: { ...graph, nodes, inputs: [...graph.inputs, ...inputs] } };
}

describe('Monte Carlo passes', () => {
  it('equal passes of the whole graph with the same masks as factors', async () => {
    const network = await opened(MapNetwork.open(file, manifest, settings));
    const number = 5;
    const { mean, variance } = await network.predict(cubes.slice(0, voxels), [number]);
    const whole = await opened(openNetwork(encodeModel(withFactors(converted.model)), { device: 'cpu', threads: 1 }));
    const passes: Float32Array[] = [];
    for (let sample = 0; sample < sampling.passes; sample++) {
      const factors = manifest.dropouts.map(({ node, kind, rate, shape: [channels] }, layer) => {
        const dims = kind === 'channel' ? [1, channels, 1, 1, 1] : [1, channels, ...cube];
        const count = dims.reduce((product, n) => product * n, 1);
        const mask = new Uint32Array(Math.ceil(count / 32));
        const { share, scale } = keepingOf(rate);
        fillMask(mask, share, { key: keyOfSeed(sampling.seed), cube: number, sample, layer });
        const bit = (at: number): number => ((mask[at >>> 5] ?? 0) >>> (at & 31)) & 1;
        const data = Float32Array.from({ length: count }, (_, at) => bit(at) * scale);
        return [`factor:${node}`, { type: 'float32', dims, data }] as const;
      });
      const map = { type: 'float32', dims: [1, 1, ...cube], data: cubes.slice(0, voxels) } as const;
      const { last } = await whole.run({ map, ...Object.fromEntries(factors) });
      if (last?.type !== 'float32') throw new Error('no output');
      passes.push(last.data);
    }
    const means = Array.from(mean, (_, at) => passes.reduce((sum, pass) => sum + (pass[at] ?? NaN), 0) / 3);
    const spread = means.map((m, at) => passes.reduce((sum, pass) => sum + ((pass[at] ?? NaN) - m) ** 2, 0) / 3);
    expect(largestDifference(mean, means)).toBeLessThan(1e-6);
    expect(largestDifference(variance, spread)).toBeLessThan(1e-5);
    expect(Math.max(...spread)).toBeGreaterThan(1e-4);
  });

  it('do not depend on threads, batches and the order of cubes, only on the seed', async () => {
    const one = await opened(MapNetwork.open(file, manifest, settings));
    const together = await one.predict(cubes.slice(), [0, 1, 2]);
    const many = await opened(MapNetwork.open(file, manifest, { ...settings, threads: 3 }));
    expect(many.lanes).toBe(3);
    const apart = await Promise.all(
      [2, 0, 1].map(async (number) => {
        const part = cubes.slice(number * voxels, (number + 1) * voxels);
        return { number, ...(await many.predict(part, [number])) };
      }),
    );
    for (const { number, mean, variance } of apart) {
      expect(mean).toEqual(together.mean.slice(number * voxels, (number + 1) * voxels));
      expect(variance).toEqual(together.variance.slice(number * voxels, (number + 1) * voxels));
    }
    const other = await opened(MapNetwork.open(file, manifest, { ...settings, sampling: { ...sampling, seed: 12 } }));
    expect((await other.predict(cubes.slice(), [0, 1, 2])).mean).not.toEqual(together.mean);
  });

  it('of a network without random layers have no variance', async () => {
    const plain = smallNetwork({ cube: [8, 8, 8], channels: 4, element: null, channel: null });
    const graph = encodeModel(plain.model);
    const network = await opened(MapNetwork.open(graph, { ...manifest, dropouts: [] }, settings));
    const { variance } = await network.predict(cubes.slice(0, voxels), [0]);
    expect(variance.every((value) => value === 0)).toBe(true);
  });

  it('say when cubes do not fit the layers', async () => {
    const coarse = { ...manifest, dropouts: manifest.dropouts.map((each) => ({ ...each, kind: 'element' as const })) };
    await expect(MapNetwork.open(file, coarse, { ...settings, cube: [7, 8, 8] })).rejects.toThrow(
      /drop\/channel.* 3\.5 x 4 x 4 values.*--cube_size/,
    );
  });
});

describe('lanes', () => {
  it('end at once when they are closed', async () => {
    const network = await opened(MapNetwork.open(file, manifest, { ...settings, sampling: { passes: 4000, seed: 1 } }));
    const endless = network.predict(cubes.slice(), [0, 1, 2]);
    const started = performance.now();
    const closed = network.close(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(500);
    // 4000 passes take far longer.
    await closed;
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('say in one sentence what the runtime refuses', async () => {
    const network = await opened(openNetwork(file, { device: 'cpu', threads: 1 }));
    const wrong = { map: { type: 'float32', dims: [1, 2, 4, 4, 4], data: new Float32Array(128) } } as const;
    await expect(network.run(wrong)).rejects.toThrow(/^The network could not be run: [^\n]+ another device\.$/);
  });

  it('say why a device is not there, and fall back only when nobody has asked for one', async () => {
    const states = await probeProviders();
    expect(states.find(({ provider }) => provider === 'cpu')).toEqual({ provider: 'cpu', works: true, reason: '' });
    const cuda = states.find(({ provider }) => provider === 'cuda');
    const network = await opened(openNetwork(file, { device: 'auto', threads: 1 }));
    expect(network.provider).toBe(cuda?.works === true ? 'cuda' : 'cpu');
    if (cuda?.works === true) return;
    expect(network.notUsed.join()).toMatch(/^cuda: /);
    expect(cuda?.reason).toMatch(/\w/);
    await expect(openNetwork(file, { device: 'cuda' })).rejects.toThrow(/cuda: .*; try --device cpu/);
  });
});
