import { z } from 'zod';
import { method } from '../descriptor.js';
import { networkNameSchema, networkSchema } from '../schema/network.js';

const text = z.string().min(1).max(10_000);
const pathSchema = z.string().min(1).max(4096);

export const list = method({
  name: 'network.list',
  summary: 'Lists the networks that recipes can use: those that were imported, and those that come with the program.',
  params: z.strictObject({}),
  result: z.array(networkSchema),
  errors: ['input.format'],
});

export const importFile = method({
  name: 'network.import',
  summary:
    'Converts a network from a Keras (.hdf5), PyTorch (.pt) or ONNX file and keeps it; nothing in the file is ever run.',
  params: z.strictObject({
    path: pathSchema.meta({ description: 'Absolute path of the file.' }),
    name: networkNameSchema.optional().meta({ description: 'Default: the name of the file without its ending.' }),
    replace: z.boolean().default(false).meta({ description: 'Replace a network of the same name.' }),
    licence: text.optional().meta({ description: 'Licence of the weights.' }),
    trainingData: text.optional().meta({ description: 'What the network was trained on.' }),
    calibrator: z
      .union([z.literal('emmernet'), z.strictObject({ path: pathSchema })])
      .optional()
      .meta({
        description: 'Calibrator of confidence: a JSON file, or the word for the one that LocScale 2.3.1 uses.',
      }),
  }),
  result: networkSchema,
  errors: [
    'input.missing',
    'input.unreadable',
    'input.format',
    'input.parameter',
    'output.unwritable',
    'output.disk-full',
    'limit.size',
    'limit.memory',
    'limit.busy',
    'engine.crashed',
    'engine.missing',
    'access.path',
  ],
});

export const verify = method({
  name: 'network.verify',
  summary: 'Compares the graphs of networks with their manifests, by size and SHA-256.',
  params: z.strictObject({
    name: networkNameSchema.optional().meta({ description: 'One imported network. Default: all of them.' }),
  }),
  result: z.array(
    z.strictObject({
      name: z.string(),
      fault: z.string().nullable().meta({ description: 'What is wrong with it; null when it is whole.' }),
    }),
  ),
  errors: ['input.missing', 'input.format'],
});

export const remove = method({
  name: 'network.remove',
  summary: 'Removes an imported network, a damaged one too.',
  params: z.strictObject({ name: networkNameSchema }),
  result: z.strictObject({
    name: z.string(),
    bytes: z.int().meta({ description: 'What is free again.', unit: 'bytes' }),
  }),
  errors: ['input.missing', 'input.parameter', 'access.denied'],
});

export const providers = method({
  name: 'network.providers',
  summary:
    'Says what computes networks on the machine of the daemon, and why the rest does not; tried once for each daemon.',
  params: z.strictObject({}),
  result: z.array(
    z.strictObject({
      provider: z
        .enum(['cuda', 'tensorrt', 'webgpu', 'dml', 'coreml', 'cpu'])
        .meta({ description: 'By the name that onnxruntime gives it; `dml` is DirectML.' }),
      works: z.boolean().meta({ description: 'Whether it has computed a small graph just now.' }),
      reason: z.string().nullable().meta({ description: 'Why not; null when it works.' }),
    }),
  ),
  errors: [],
});

export const networkMethods = [list, importFile, verify, remove, providers] as const;
