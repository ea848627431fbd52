import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
// The compiled room: a thread cannot be started from TypeScript.
import { importNetwork, NetworkLibrary } from '../../daemon/dist/networks/index.js';
import { NetworkFault } from '../../daemon/src/networks/fault.js';
import { convertFile } from '../../daemon/src/networks/import/convert-file.js';
import { nodeField, graphField, modelField, tensorField } from '../../daemon/src/networks/onnx/fields.js';
import { encodeModel } from '../../daemon/src/networks/onnx/encode.js';
import { floatTensor, type Model, type Node } from '../../daemon/src/networks/onnx/model.js';
import { ProtobufWriter } from '../../daemon/src/networks/onnx/protobuf-writer.js';
import { fixture } from './evaluate.js';
import { type Layer, modelConfig, writeHdf5, writeKeras } from './write-keras.js';
import { Pickle, torchFile, zip } from './write-torch.js';

let folder: string;
let library: NetworkLibrary;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locscale-hostile-'));
  library = new NetworkLibrary(join(folder, 'networks'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const taking = (path: string, limits?: { fileBytes: number; heapMiB: number; seconds: number }): Promise<unknown> =>
  importNetwork(library, path, {
    name: 'refused',
    replace: false,
    program: 'test',
    ...(limits === undefined ? {} : { limits }),
  });

/** The file is refused with one sentence that says this, and leaves nothing. */
async function isRefused(path: string, saying: RegExp | string): Promise<void> {
  const error = await taking(path).then(
    () => 'taken',
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ kind: 'input.format', message: expect.stringMatching(saying) });
  const { message } = error as Error;
  expect(message).toMatch(/^.* cannot be imported as a network: [^\n]*; [^\n]*\.$/u);
  expect(await readdir(library.folder).catch(() => [])).toEqual([]);
}

const bytesFile = async (content: Uint8Array, name = 'file'): Promise<string> => {
  await writeFile(at(name), content);
  return at(name);
};

const kernel = { dims: [3, 3, 3, 1, 1], values: new Float32Array(27).fill(1) };
const bias = { dims: [1], values: new Float32Array(1) };
const conv: Layer = {
  type: 'Conv3D',
  name: 'conv',
  inputs: ['input_1'],
  config: { filters: 1, kernel_size: [3, 3, 3], strides: [1, 1, 1], padding: 'same' },
  weights: { kernel, bias },
};

describe('Keras files', () => {
  const refused = async (layers: readonly Layer[], saying: string, config?: string): Promise<void> => {
    await writeKeras(at('keras.h5'), layers, config);
    await isRefused(at('keras.h5'), saying);
  };

  it('are taken when nothing is wrong with them', async () => {
    await writeKeras(at('keras.h5'), [conv]);
    expect(await taking(at('keras.h5'))).toMatchObject({ name: 'refused', parameters: 28 });
    await library.remove('refused');
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'it is empty'],
    ['garbage', new TextEncoder().encode('{"not": "a network"}'), 'it is not an HDF5, PyTorch or ONNX file'],
    ['a cut HDF5 file', fixture('layers.hdf5').slice(0, 40_000), 'damaged HDF5|its parts contradict|holds no'],
    ['a signature and nothing else', fixture('layers.hdf5').slice(0, 8), 'it is a damaged HDF5 file'],
  ])('%s', async (_, content, saying) => isRefused(await bytesFile(content), saying));

  it('without the weights of a layer', () =>
    refused([{ ...conv, weights: { bias } }], 'it holds no kernel for the layer "conv"'));

  it('with weights of another shape than the model asks for, before they are read', () =>
    refused(
      [{ ...conv, config: { ...conv.config, filters: 65_536 } }],
      'has the shape 3 x 3 x 3 x 1 x 1, and its model_config asks for',
    ));

  it('with weights that are no numbers', () =>
    refused(
      [{ ...conv, weights: { kernel: { ...kernel, values: new Float32Array(27).fill(NaN) }, bias } }],
      'hold NaN, and finite',
    ));

  it('with layers that run code, are unknown, or feed themselves', async () => {
    await refused(
      [{ ...conv, type: 'Lambda', config: { function: ['os.system("true")'] } }],
      'is of the class "Lambda"',
    );
    await refused([{ ...conv, inputs: ['conv'] }], 'its layer "conv" feeds itself');
    await refused([{ ...conv, inputs: ['nobody'] }], 'names the layer "nobody", but does not describe it');
  });

  it('with settings that make no sense', () =>
    refused([{ ...conv, config: { ...conv.config, kernel_size: [3, 3, 1e9] } }], 'has kernel_size = .*1000000000'));

  it('whose dropout shares its decisions in a way that cannot be run', async () => {
    const dropout = (noise: readonly unknown[]): readonly Layer[] => [
      conv,
      { type: 'Dropout', name: 'dropout', inputs: ['conv'], config: { rate: 0.5, noise_shape: noise } },
    ];
    await refused(dropout([null, 32, 1, 1, 1]), 'has noise_shape = .null,32,1,1,1., which cannot be converted');
    await writeKeras(at('keras.h5'), dropout([null, 1, 1, 1, null]));
    expect(convertFile(new Uint8Array(await readFile(at('keras.h5')))).dropouts).toMatchObject([
      { kind: 'channel', rate: 0.5 },
    ]);
  });

  it('without a model, or with one that is no JSON', async () => {
    await refused([conv], 'its model_config is not valid JSON', '{');
    await writeHdf5(at('keras.h5'), (file) => file.create_attribute('backend', 'tensorflow'));
    await isRefused(at('keras.h5'), 'without model_config');
  });

  it('with whole numbers for weights', async () => {
    await writeHdf5(at('keras.h5'), (file) => {
      file.create_attribute('model_config', modelConfig([conv]));
      const group = file.create_group('model_weights').create_group('conv');
      group.create_attribute('weight_names', ['kernel:0']);
      group.create_dataset({ name: 'kernel:0', data: new Int32Array(27), shape: [...kernel.dims] });
    });
    await isRefused(at('keras.h5'), 'are of type "<i4", and 32-bit floats were expected');
  });

  it('that unpack to more than they may', async () => {
    const dims = [1, 1, 1, 4200, 4200];
    const wide: Layer = { ...conv, config: { ...conv.config, filters: 4200, kernel_size: [1, 1, 1] } };
    await writeHdf5(at('keras.h5'), (file) => {
      file.create_attribute('model_config', modelConfig([wide], 32, 4200));
      const group = file.create_group('model_weights').create_group('conv');
      group.create_attribute('weight_names', ['kernel:0']);
      const data = new Float32Array(4200 * 4200);
      group.create_dataset({ name: 'kernel:0', data, shape: dims, dtype: '<f', chunks: dims, compression: 9 });
    });
    await isRefused(at('keras.h5'), 'a block of its weights unpacks to more than 64 MiB');
  });

  it('with more weights than any network has, before any of them is read', async () => {
    const claimed = [1024, 1024, 1024, 1, 65_536];
    const huge: Layer = { ...conv, config: { ...conv.config, filters: 65_536, kernel_size: [1024, 1024, 1024] } };
    await writeKeras(at('keras.h5'), [conv], modelConfig([huge]));
    const file = await readFile(at('keras.h5'));
    const sizes = (dims: readonly number[]): Buffer => Buffer.from(BigUint64Array.from(dims, BigInt).buffer);
    const place = file.indexOf(sizes(kernel.dims));
    expect(place).toBeGreaterThan(0);
    sizes(claimed).copy(file, place);
    await isRefused(await bytesFile(file, 'keras.h5'), 'it has more than 268435456 weights');
  });

  it('with weights in another file, which is there', async () => {
    await writeKeras(at('other.h5'), [conv]);
    await writeHdf5(at('keras.h5'), (file) => {
      file.create_attribute('model_config', modelConfig([conv]));
      file.create_group('model_weights').create_external_link(at('other.h5'), '/model_weights/conv', 'conv');
    });
    await isRefused(at('keras.h5'), 'or one with links into other files, which are not followed');
  });
});

describe('PyTorch files', () => {
  const refused = async (file: Uint8Array, saying: string): Promise<void> =>
    isRefused(await bytesFile(file, 'file.pt'), saying);
  const pickled = (fill: (pickle: Pickle) => Pickle): Buffer => torchFile(fill(new Pickle()).finish());

  it('that run a command run nothing', async () => {
    const file = pickled((p) =>
      p
        .global('posix', 'system')
        .text(`touch ${at('was-run')}`)
        .raw(0x85, 0x52),
    );
    await refused(file, 'its pickle asks for "posix.system", and only tensors are read: nothing was run');
    expect(existsSync(at('was-run'))).toBe(false);
  });

  it('that build objects otherwise', async () => {
    await refused(
      pickled((p) => p.global('collections', 'OrderedDict').raw(0x29, 0x81)),
      'holds the opcode 0x81',
    );
    await refused(
      pickled((p) => p.text('os').text('system').raw(0x93)),
      'its pickle asks for "os.system"',
    );
    await refused(
      pickled((p) => p.raw(0x69)),
      'holds the opcode 0x69',
    );
  });

  it('that are compressed, lead out of the archive, or are cut', async () => {
    const pickle = new Pickle().raw(0x7d).finish();
    await refused(zip(new Map([['archive/data.pkl', pickle]]), 8), 'its entry "archive/data.pkl" is compressed');
    await refused(
      zip(new Map([['../data.pkl', pickle]])),
      'an entry named "../data.pkl", which leads out of the archive',
    );
    await refused(fixture('tensors.pt').slice(0, 1700), 'its zip directory does not add up');
    await refused(zip(new Map([['archive/other', pickle]])), 'it holds no data.pkl');
  });

  it('of PyTorch before 1.6, which are bare pickles', () =>
    refused(new Pickle().raw(0x7d).finish(), 'it is a bare pickle'));

  it('of another network, or without its data', async () => {
    await refused(fixture('tensors.pt'), 'the weights of a network other than EMmerNet and SURFER');
    const file = pickled((p) => p.raw(0x7d, 0x28).text('conv1_1.conv.weight').tensor('0', [32, 1, 5, 5, 5]).raw(0x75));
    await refused(file, 'has 0 bytes, and 16000 were expected');
  });
});

describe('ONNX files', () => {
  const port = (name: string): Model['graph']['inputs'][number] => ({
    name,
    type: 'float32',
    dims: ['N', 1, 'D', 'H', 'W'],
  });
  const relu: Node = { name: 'relu', op: 'Relu', inputs: ['x'], outputs: ['y'], attributes: {} };
  const model = (graph: Partial<Model['graph']>, opset = 21): Model => ({
    irVersion: 10,
    opset,
    metadata: {},
    graph: { name: 'g', nodes: [relu], constants: [], inputs: [port('x')], outputs: [port('y')], ...graph },
  });
  const refused = async (file: Uint8Array, saying: string): Promise<void> =>
    isRefused(await bytesFile(file, 'file.onnx'), saying);

  it('are taken when nothing is wrong with them', () => {
    expect(convertFile(encodeModel(model({})))).toMatchObject({ format: 'onnx', input: [1, 32, 32, 32] });
  });

  it('with control flow, unknown operators or versions', async () => {
    await refused(encodeModel(model({ nodes: [{ ...relu, op: 'Loop' }] })), 'its node "relu" is the operator "Loop"');
    await refused(encodeModel(model({}, 99)), 'it uses version 99 of the ONNX operators, and 9 to 26 can be run');
  });

  it('whose nodes use what nothing makes', () =>
    refused(encodeModel(model({ nodes: [{ ...relu, inputs: ['z'] }] })), 'uses "z", which nothing before it makes'));

  it('with another number of inputs, or channels last', async () => {
    await refused(encodeModel(model({ inputs: [port('x'), port('x2')] })), 'it has 2 inputs, and one was expected');
    const last: Model['graph']['inputs'][number] = { ...port('x'), dims: ['N', 32, 32, 32, 1] };
    await refused(encodeModel(model({ inputs: [last] })), 'has its channels last');
  });

  it('with constants that are no numbers, or do not fill their dimensions', async () => {
    await refused(
      encodeModel(model({ constants: [floatTensor('w', [1], Float32Array.of(NaN))] })),
      'the constant|its constant "w" holds',
    );
    await refused(
      encodeModel(model({ constants: [floatTensor('w', [1e9], new Float32Array(1))] })),
      'has 4 bytes, and its dimensions ask for',
    );
  });

  it('with data in other files, functions, or operators of another set', async () => {
    const graph = (): ProtobufWriter => new ProtobufWriter();
    const whole = encodeModel(model({}));
    const appended = (field: number, part: ProtobufWriter): Uint8Array =>
      Buffer.concat([whole, new ProtobufWriter().message(field, part).finish()]);
    const outside = graph().message(
      graphField.constant,
      graph().text(tensorField.name, 'w').int(tensorField.type, 1).int(tensorField.location, 1),
    );
    await refused(appended(modelField.graph, outside), 'the constant "w" keeps its data in another file');
    await refused(appended(modelField.functions, graph()), 'it defines functions of its own');
    const custom = graph().message(
      graphField.node,
      graph().text(nodeField.op, 'Evil').text(nodeField.domain, 'com.example'),
    );
    await refused(appended(modelField.graph, custom), 'the operator "Evil" belongs to the set "com.example"');
  });

  it('that are cut', () => refused(encodeModel(model({})).slice(0, 60), 'not a whole ONNX file'));
});

describe('the thread that reads', () => {
  it('has an end of time and memory', async () => {
    const path = await bytesFile(fixture('layers.hdf5'), 'layers.h5');
    await expect(taking(path, { fileBytes: 1e9, heapMiB: 512, seconds: 0.001 })).rejects.toThrow(
      'it took more than 0.001 s to read',
    );
    await expect(taking(path, { fileBytes: 1e9, heapMiB: 1, seconds: 60 })).rejects.toThrow(
      'it asks for more than 1 MiB of memory',
    );
    await expect(taking(path, { fileBytes: 1000, heapMiB: 512, seconds: 60 })).rejects.toThrow(
      'has 110980 bytes, and at most 1000 are read',
    );
    await expect(taking(at('nowhere'))).rejects.toThrow('There is no file');
    await expect(taking(folder)).rejects.toThrow('is not a regular file');
  });

  it('meets only faults, whichever bytes of a file are others', () => {
    const keras = fixture('layers.hdf5');
    const sound = [fixture('tensors.pt'), encodeModel(convertFile(keras).model), keras] as const;
    // The HDF5 reader warns of attributes that it cannot read.
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    let state = 12_345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let refusals = 0;
    for (const file of sound)
      for (let round = 0; round < 200; round++) {
        const broken = file.slice();
        for (let change = 0; change < 3; change++)
          broken[random(file === keras ? file.length : Math.min(file.length, 4000))] = random(256);
        try {
          convertFile(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(NetworkFault);
          refusals++;
        }
      }
    expect(refusals).toBeGreaterThan(300);
  });
});
