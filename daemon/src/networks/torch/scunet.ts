import { NetworkFault, shown } from '../fault.js';
import { convolution, transposedConvolution, type Window } from '../graph/convolution.js';
import { type Converted, finishGraph } from '../graph/converted.js';
import { type FilterResponse, filterResponseNorm } from '../graph/filter-response.js';
import { GraphBuilder, type Size, type Value } from '../graph/graph-builder.js';
import { combine, concatenate } from '../graph/pointwise.js';
import { type LayerNorm, type Linear, windowTransformer } from '../graph/transformer.js';
import type { StateDict } from './state-dict.js';

/** What a state dictionary does not tell; these are SURFER's. */
const window = 3;
const headChannels = 16;
const cube: Size = [48, 48, 48];
/** SURFER works on voxels of 1 Å with cubes every 32 voxels; its output is a logit. */
const segmentation = { voxelSize: 1, stride: 32, resampling: 'quadratic', output: 'logit' } as const;

export const isScunet = (weights: StateDict): boolean => weights.names.includes('m_head.0.weight');

const sliding = (kernel: 1 | 2 | 3, stride: 1 | 2 = 1): Window => ({
  kernel: [kernel, kernel, kernel],
  stride: [stride, stride, stride],
  dilation: [1, 1, 1],
  padding: kernel === 3 ? 'same' : 'valid',
});

/**
 * Converts the state dictionary of the 3-D SCUNet that SURFER uses: a U-Net whose blocks send half of the channels through convolutions with filter
 * response norm and half through a window transformer. Every second block has shifted windows. Skips are added, not joined.
 */
export function convertScunet(weights: StateDict): Converted {
  const builder = new GraphBuilder();
  const net = new Scunet(builder, weights);
  const input = builder.input('map', 1, cube);
  const head = net.convolve('m_head.0', input, sliding(3));
  const [down1, down2, down3] = [1, 2, 3].reduce<readonly Value[]>((made, level) => {
    const from = net.blocks(`m_down${level}`, 0, made.at(-1) ?? head);
    return [...made, net.convolve(`m_down${level}.2`, from, sliding(2, 2))];
  }, []) as readonly [Value, Value, Value];
  let value = net.blocks('m_body', 0, down3);
  for (const [stage, skip] of [
    ['m_up3', down3],
    ['m_up2', down2],
    ['m_up1', down1],
  ] as const) {
    const joined = combine(builder, `${stage}/skip`, [value, skip], 'sum');
    value = net.blocks(stage, 1, net.enlarge(`${stage}.0`, joined));
  }
  const output = net.convolve('m_tail.0', combine(builder, 'm_tail/skip', [value, head], 'sum'), sliding(3));
  const notes = [
    'A state dictionary does not tell the layers: the topology, windows of 3 voxels and heads of 16 channels are those of SURFER.',
  ];
  return { ...finishGraph('pytorch', builder, input, output, notes, 'fixed'), segmentation };
}

class Scunet {
  readonly #builder: GraphBuilder;
  readonly #weights: StateDict;

  constructor(builder: GraphBuilder, weights: StateDict) {
    this.#builder = builder;
    this.#weights = weights;
  }

  /** A convolution without bias; channels out are those of its kernel. */
  convolve(key: string, input: Value, how: Window): Value {
    const outChannels = this.#channels(key, 0);
    const kernel = this.#weights.take(`${key}.weight`, [outChannels, input.channels, ...how.kernel]);
    return convolution(this.#builder, key, input, how, 1, { kernel, bias: null, outChannels });
  }

  /** Twice the samples along each axis. */
  enlarge(key: string, input: Value): Value {
    const how = sliding(2, 2);
    const outChannels = this.#channels(key, 1);
    const kernel = this.#weights.take(`${key}.weight`, [input.channels, outChannels, ...how.kernel]);
    return transposedConvolution(this.#builder, key, input, how, { kernel, bias: null, outChannels });
  }

  /** Two blocks, the second with shifted windows. */
  blocks(stage: string, first: number, input: Value): Value {
    return this.#block(`${stage}.${first + 1}`, this.#block(`${stage}.${first}`, input, 0), 1);
  }

  #block(key: string, input: Value, shift: 0 | 1): Value {
    const { channels } = input;
    if (channels % (2 * headChannels) !== 0)
      throw new NetworkFault(
        `its block ${shown(key)} has ${channels} channels, and a multiple of ${2 * headChannels} was expected`,
      );
    const half = channels / 2;
    const mixing = this.#weights.take(`${key}.conv1_1.weight`, [channels, channels, 1, 1, 1]);
    const mixingBias = this.#weights.take(`${key}.conv1_1.bias`, [channels]);
    // Two convolutions instead of one that is then cut in halves.
    const mixed = (name: string, at: 0 | 1): Value =>
      convolution(this.#builder, `${key}/${name}`, input, sliding(1), 1, {
        kernel: mixing.slice(at * half * channels, (at + 1) * half * channels),
        bias: mixingBias.slice(at * half, (at + 1) * half),
        outChannels: half,
      });
    const convolved = this.#convolutions(`${key}.conv_block`, mixed('convolved', 0));
    const attended = this.#transformer(`${key}.trans_block`, mixed('attended', 1), shift);
    const joined = concatenate(this.#builder, `${key}/joined`, [convolved, attended]);
    const out = convolution(this.#builder, `${key}/conv1_2`, joined, sliding(1), 1, {
      kernel: this.#weights.take(`${key}.conv1_2.weight`, [channels, channels, 1, 1, 1]),
      bias: this.#weights.take(`${key}.conv1_2.bias`, [channels]),
      outChannels: channels,
    });
    return combine(this.#builder, key, [input, out], 'sum');
  }

  #convolutions(key: string, input: Value): Value {
    const { channels } = input;
    const word = (index: 1 | 3, name: string): Float32Array =>
      this.#weights.take(`${key}.${index}.${name}`, [1, channels, 1, 1, 1]);
    const response = (index: 1 | 3): FilterResponse => ({
      epsilon: word(index, 'eps'),
      scale: word(index, 'gamma'),
      shift: word(index, 'beta'),
      threshold: word(index, 'tau'),
    });
    const first = filterResponseNorm(
      this.#builder,
      `${key}.1`,
      this.convolve(`${key}.0`, input, sliding(3)),
      response(1),
    );
    const second = filterResponseNorm(
      this.#builder,
      `${key}.3`,
      this.convolve(`${key}.2`, first, sliding(3)),
      response(3),
    );
    return combine(this.#builder, key, [second, input], 'sum');
  }

  #transformer(key: string, input: Value, shift: 0 | 1): Value {
    const n = input.channels;
    const linear = (name: string, outside: number, inside: number): Linear => ({
      weight: this.#weights.take(`${key}.${name}.weight`, [outside, inside]),
      bias: this.#weights.take(`${key}.${name}.bias`, [outside]),
    });
    const norm = (name: string): LayerNorm => ({
      scale: this.#weights.take(`${key}.${name}.weight`, [n]),
      shift: this.#weights.take(`${key}.${name}.bias`, [n]),
    });
    const width = 2 * window - 1;
    return windowTransformer(
      this.#builder,
      key,
      input,
      { window, headChannels, shift },
      {
        beforeAttention: norm('ln1'),
        embedding: linear('msa.embedding_layer', 3 * n, n),
        relative: this.#weights.take(`${key}.msa.relative_position_params`, [n / headChannels, width, width, width]),
        joining: linear('msa.linear', n, n),
        beforeLayers: norm('ln2'),
        widening: linear('mlp.0', 4 * n, n),
        narrowing: linear('mlp.2', n, 4 * n),
      },
    );
  }

  #channels(key: string, axis: 0 | 1): number {
    const dims = this.#weights.dims(`${key}.weight`);
    const found = dims[axis];
    if (dims.length !== 5 || found === undefined || found < 1)
      throw new NetworkFault(
        `its tensor ${shown(`${key}.weight`)} has the shape ${dims.join(' x ')}, and that of a 3-D kernel was expected`,
      );
    return found;
  }
}
