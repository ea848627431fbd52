import { z } from 'zod';
import { warningSchema } from './grid.js';

export const modelIdSchema = z
  .string()
  .regex(/^mdl-[0-9a-f]{16}$/)
  .meta({ id: 'ModelId', description: 'Id of a model that the daemon holds.' });
export type ModelId = z.infer<typeof modelIdSchema>;

/** How a request names a model: one that the daemon holds, or a file on its machine. */
export const modelReferenceSchema = z
  .union([
    modelIdSchema,
    z.strictObject({ path: z.string().min(1).max(4096).meta({ description: 'Absolute path of a model file.' }) }),
  ])
  .meta({ id: 'ModelReference', description: 'A model by its id, or by the absolute path of its file.' });
export type ModelReference = z.infer<typeof modelReferenceSchema>;

const count = z.int().nonnegative();

export const modelFactsSchema = z
  .strictObject({
    atoms: count.meta({ description: 'Atoms of the first model, all alternate conformations included.' }),
    residues: count,
    chains: count,
    hydrogens: count.meta({ description: 'Hydrogen atoms among them.' }),
    waters: count.meta({ description: 'Atoms of waters among them.' }),
    alternates: count.meta({ description: 'Atoms with alternate conformations.' }),
    anisotropic: count.meta({ description: 'Atoms with an anisotropic tensor in the file.' }),
    models: count.meta({ description: 'Models in the file; only the first is used.' }),
    bFactors: z
      .tuple([z.number(), z.number()])
      .meta({ description: 'Smallest and largest B-factor, after repair of what the file has wrong.', unit: 'Å²' }),
  })
  .meta({ id: 'ModelFacts', description: 'What a model consists of.' });
export type ModelFacts = z.infer<typeof modelFactsSchema>;

export const modelSchema = z
  .strictObject({
    id: modelIdSchema,
    name: z.string().meta({ description: 'File name, or the name given at upload.' }),
    source: z.enum(['file', 'upload', 'job']).meta({ description: 'Where its atoms came from.' }),
    path: z.string().nullable().meta({ description: 'Absolute path of the file it was read from, if any.' }),
    job: z.string().nullable().default(null).meta({ description: 'Job that made it, if any.' }),
    format: z.enum(['pdb', 'mmcif']).meta({ description: 'Format of the file, told by its content.' }),
    facts: modelFactsSchema.meta({ description: 'Numbers of atoms and their B-factors.' }),
    warnings: z.array(warningSchema).meta({ description: 'What was odd in the file, and what was done about it.' }),
  })
  .meta({ id: 'Model', description: 'An atomic model as the daemon describes it; coordinates travel by HTTP only.' });
export type ModelDescription = z.infer<typeof modelSchema>;
