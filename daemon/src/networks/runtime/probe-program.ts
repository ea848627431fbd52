/** Run as a program of its own by `probe.ts`, because a provider that does not suit the machine can end the process that tries it. */
import { GraphBuilder, ints } from '../graph/graph-builder.js';
import { encodeModel } from '../onnx/encode.js';
import { type Provider, providers } from './providers.js';
import { Session } from './session.js';
import { floats, floatsNamed } from './tensors.js';

/** A convolution in three dimensions, without which no provider is of use here: the sum over a voxel and its neighbours along x. */
function smallGraph(): Uint8Array {
  const builder = new GraphBuilder();
  const input = builder.input('map', 1, [1, 1, 4]);
  const kernel = builder.floats('kernel', [1, 1, 1, 1, 3], Float32Array.of(1, 1, 1));
  const name = builder.node('Conv', 'sum', [input.name, kernel], { pads: ints(0, 0, 1, 0, 0, 1) });
  return encodeModel(builder.finish(input, { ...input, name }, {}, 'any'));
}

async function tryProvider(provider: Provider): Promise<string> {
  const session = await Session.open(smallGraph(), { provider, deviceId: null, threads: 1 });
  const map = floats([1, 1, 1, 1, 4], Float32Array.of(1, 2, 3, 4));
  const sums = floatsNamed(await session.run({ map }), 'sum');
  await session.close();
  if (sums.join() !== '3,6,9,7') throw new Error(`it computed ${sums.join(', ')} instead of 3, 6, 9, 7`);
  return '';
}

const provider = providers.find((each) => each === process.argv[2]);
const reason =
  provider === undefined
    ? `no provider ${String(process.argv[2])} is known`
    : await tryProvider(provider).catch((cause: unknown) => (cause instanceof Error ? cause.message : String(cause)));
process.stdout.write(`${JSON.stringify({ works: reason === '', reason })}\n`);
