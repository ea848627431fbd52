import { createHash } from 'node:crypto';
import { finishGraph } from '../../daemon/src/networks/graph/converted.js';
import { convolution } from '../../daemon/src/networks/graph/convolution.js';
import { GraphBuilder } from '../../daemon/src/networks/graph/graph-builder.js';
import { type Manifest, NetworkLibrary } from '../../daemon/src/networks/index.js';
import { graphFile } from '../../daemon/src/networks/library/library.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';

/** Edge of its cubes, voxels. */
export const cubeEdge = 16;

/**
 * A network whose answer can be told beforehand: it finds what is denser than the mean by one standard deviation. Its logit is 200 times
 * the standardised density minus 20, which makes 0.5 of one standard deviation and 0.88 of 1.1.
 */
export async function keepThresholdNetwork(
  folder: string,
  segmentation: Manifest['segmentation'],
  name = 'denser',
): Promise<void> {
  const builder = new GraphBuilder();
  const input = builder.input('map', 1, [cubeEdge, cubeEdge, cubeEdge]);
  const window = { kernel: [1, 1, 1], stride: [1, 1, 1], dilation: [1, 1, 1], padding: 'valid' } as const;
  const output = convolution(builder, 'denser', input, window, 1, {
    kernel: Float32Array.of(200),
    bias: Float32Array.of(-20),
    outChannels: 1,
  });
  const { model, ...converted } = finishGraph('onnx', builder, input, output, []);
  const graph = encodeModel(model);
  const sha256 = createHash('sha256').update(graph).digest('hex');
  const manifest: Manifest = {
    version: 1,
    name,
    graph: { file: graphFile(name, sha256), bytes: graph.length, sha256 },
    source: { format: 'onnx', from: 'test', bytes: graph.length, sha256 },
    importedAt: '2026-11-21T20:00:00Z',
    program: 'test',
    input: [...converted.input],
    output: [...converted.output],
    parameters: converted.parameters,
    dropouts: [],
    licence: null,
    trainingData: null,
    calibrator: null,
    ...(segmentation === undefined ? {} : { segmentation }),
    notes: [],
  };
  await new NetworkLibrary(folder).add(manifest, graph, true);
}
