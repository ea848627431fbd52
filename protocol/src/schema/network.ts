import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const networkNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .meta({ description: 'Name of a network: up to 64 letters, digits, dots, dashes and underscores.' });

export const networkSchema = z
  .strictObject({
    name: z.string().meta({ description: 'What recipes call it.' }),
    embedded: z.boolean().meta({ description: 'Whether it comes with the program; such networks cannot be removed.' }),
    purpose: z
      .enum(['maps', 'context'])
      .meta({ description: 'Whether it predicts maps, or finds detergent, nanodiscs and membranes.' }),
    sha256: digest.meta({ description: 'SHA-256 of the graph that is run.' }),
    bytes: z.int().meta({ description: 'Size of the graph.', unit: 'bytes' }),
    source: z
      .strictObject({
        format: z.enum(['keras', 'pytorch', 'onnx']),
        from: z.string().meta({ description: 'Path or address that it was imported from.' }),
        bytes: z.int().meta({ unit: 'bytes' }),
        sha256: digest.meta({ description: 'SHA-256 of the file that was imported.' }),
      })
      .meta({ description: 'The file that it was made from.' }),
    importedAt: z.string().meta({ description: 'ISO 8601, UTC.' }),
    cube: z
      .tuple([z.int(), z.int(), z.int()])
      .meta({ description: 'Cube (z, y, x) that it was made for.', unit: 'voxels' }),
    parameters: z.int().meta({ description: 'Number of weights.' }),
    randomLayers: z.int().meta({ description: 'Layers with dropout; none: no Monte Carlo passes.' }),
    calibrated: z.boolean().meta({ description: 'Whether it has a calibrator, without which there is no pVDDT.' }),
    licence: z.string().nullable().meta({ description: 'null when nobody has stated it.' }),
    trainingData: z.string().nullable().meta({ description: 'null when nobody has stated it.' }),
    notes: z.array(z.string()).meta({ description: 'What was assumed when it was imported.' }),
  })
  .meta({ id: 'Network', description: 'A network that recipes can use.' });
export type Network = z.infer<typeof networkSchema>;

/** The network of a result, in a job. */
export const usedNetworkSchema = z
  .strictObject({
    name: z.string().meta({ description: 'Its name.' }),
    sha256: digest.meta({ description: 'SHA-256 of its graph.' }),
    trainingData: z
      .string()
      .nullable()
      .meta({ description: 'What it was trained on, in a sentence; null when nobody has stated it.' }),
  })
  .meta({ id: 'UsedNetwork', description: 'Which network a result comes from.' });
export type UsedNetwork = z.infer<typeof usedNetworkSchema>;
