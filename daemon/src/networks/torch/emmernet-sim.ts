import { NetworkFault, shown } from '../fault.js';
import { convolution, transposedConvolution, type Window } from '../graph/convolution.js';
import { type Converted, defaultCube, finishGraph } from '../graph/converted.js';
import { dropout } from '../graph/dropout.js';
import { GraphBuilder, type Value } from '../graph/graph-builder.js';
import { groupNormalisation } from '../graph/normalisation.js';
import { combine, concatenate, prelu } from '../graph/pointwise.js';
import type { StateDict } from './state-dict.js';

/** Epsilon and rate are not in a state dictionary; these are those of `training/locscale_training/emmernet_sim/network.py`. */
const epsilon = 1e-5;
const rate = 0.125;

const window = (size: number, stride: 1 | 2, padding: Window['padding']): Window => ({
  kernel: [size, size, size],
  stride: [stride, stride, stride],
  dilation: [1, 1, 1],
  padding,
});

export const isEmmernetSim = (weights: StateDict): boolean => weights.names.includes('bands.weight');

/** Converts a state dictionary of the network that ships with this program, as its training script saves it. */
export function convertEmmernetSim(weights: StateDict): Converted {
  const builder = new GraphBuilder();
  const layers = new Layers(builder, weights);
  const input = builder.input('map', 1, defaultCube);

  const bands = layers.convolve('bands', input, 5, { bias: false });
  const normal = groupNormalisation(builder, 'norm', bands, bands.channels, epsilon, {
    scale: weights.take('norm.weight', [bands.channels]),
    shift: weights.take('norm.bias', [bands.channels]),
  });
  const joined = concatenate(builder, 'joined', [input, normal]);
  const one = layers.residual('block1', layers.down('down1', 'prelu1', joined));
  const two = layers.residual('block2', layers.down('down2', 'prelu2', one));
  const three = layers.residual('block3', layers.down('down3', 'prelu3', two));
  const twoUp = layers.residual('block4', combine(builder, 'skip2', [two, layers.up('up2', three, 2)], 'sum'));
  const oneUp = combine(builder, 'skip1', [one, layers.up('up1', twoUp, 2)], 'sum');
  const features = layers.slope('prelu6', layers.residual('block6', layers.residual('block5', oneUp)));

  const sharpened = combine(builder, 'gained', [layers.up('gains', features, 2), normal], 'product');
  const summed = layers.convolve('sum', sharpened, 1, { bias: false });
  const base = combine(builder, 'base', [layers.up('head', features, 4), summed], 'sum');
  const spread = dropout(builder, 'dropout', layers.convolve('spread', features, 1), 'element', rate);
  const noise = layers.up('noise', spread, 4, { bias: false });
  const output = combine(builder, 'sharpened', [base, noise], 'sum');
  return finishGraph('pytorch', builder, input, output, [
    'A state dictionary does not tell the layers: the topology, epsilon 0.00001 and dropout 0.125 are those of emmernet-sim.',
    'Sides of cubes must be multiples of 8.',
  ]);
}

interface Options {
  readonly bias?: boolean;
}

/** Layers by the names that the weights have. */
class Layers {
  readonly #builder: GraphBuilder;
  readonly #weights: StateDict;

  constructor(builder: GraphBuilder, weights: StateDict) {
    this.#builder = builder;
    this.#weights = weights;
  }

  convolve(name: string, input: Value, size: number, { bias = true }: Options = {}): Value {
    const outChannels = this.#channels(name, 0);
    const kernel = this.#weights.take(`${name}.weight`, [outChannels, input.channels, size, size, size]);
    return convolution(this.#builder, name, input, window(size, 1, 'same'), 1, {
      kernel,
      bias: bias ? this.#weights.take(`${name}.bias`, [outChannels]) : null,
      outChannels,
    });
  }

  /** Half as many samples along each axis: windows of 2 side by side. */
  down(name: string, bend: string, input: Value): Value {
    const outChannels = this.#channels(name, 0);
    const narrowed = convolution(this.#builder, name, input, window(2, 2, 'valid'), 1, {
      kernel: this.#weights.take(`${name}.weight`, [outChannels, input.channels, 2, 2, 2]),
      bias: this.#weights.take(`${name}.bias`, [outChannels]),
      outChannels,
    });
    return this.slope(bend, narrowed);
  }

  /** Twice as many samples along each axis. */
  up(name: string, input: Value, size: number, { bias = true }: Options = {}): Value {
    const outChannels = this.#channels(name, 1);
    return transposedConvolution(this.#builder, name, input, window(size, 2, 'same'), {
      kernel: this.#weights.take(`${name}.weight`, [input.channels, outChannels, size, size, size]),
      bias: bias ? this.#weights.take(`${name}.bias`, [outChannels]) : null,
      outChannels,
    });
  }

  slope(name: string, input: Value): Value {
    const slopes = this.#weights.take(`${name}.weight`, [input.channels]);
    return prelu(this.#builder, name, input, [input.channels, 1, 1, 1], slopes);
  }

  residual(name: string, input: Value): Value {
    const bent = this.slope(`${name}.prelu`, this.convolve(`${name}.conv1`, input, 3));
    return combine(this.#builder, name, [input, this.convolve(`${name}.conv2`, bent, 3)], 'sum');
  }

  #channels(name: string, axis: 0 | 1): number {
    const dims = this.#weights.dims(`${name}.weight`);
    const channels = dims[axis];
    if (dims.length !== 5 || channels === undefined || channels < 1)
      throw new NetworkFault(
        `its tensor ${shown(`${name}.weight`)} has the shape ${dims.join(' x ')}, and that of a 3-D kernel was expected`,
      );
    return channels;
  }
}
