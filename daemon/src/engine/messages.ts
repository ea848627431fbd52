import {
  errorSchema,
  gridSchema,
  modelFactsSchema,
  outputFileSchema,
  type Params,
  warningSchema,
} from '@chimerax-like/rpc';
import { z } from 'zod';

/** Where an engine finds voxels. Voxels never cross a process boundary in a message. */
export const sourceSchema = z.discriminatedUnion('kind', [
  /** `name`: what messages call it; given for uploads, whose file name is the daemon's. */
  z.object({ kind: z.literal('mrc'), path: z.string(), name: z.string().optional() }),
  /** Little-endian float32 in C order (z, y, x), nothing else in the file. */
  z.object({ kind: z.literal('raw'), path: z.string(), grid: gridSchema }),
]);
export type VolumeSource = z.infer<typeof sourceSchema>;

/** Where an engine finds atoms: a PDB or mmCIF file. */
export const modelSourceSchema = z.object({
  kind: z.literal('model'),
  path: z.string(),
  /** What messages call it; given for uploads, whose file name is the daemon's. */
  name: z.string().optional(),
  /** What was seen when the file was opened, for estimates; nothing that is computed depends on it. */
  facts: modelFactsSchema.optional(),
});
export type ModelSource = z.infer<typeof modelSourceSchema>;

/** Inputs by the names of the recipe; half maps are the one input that is a list. */
export type RecipeInputs = Readonly<Record<string, VolumeSource | readonly VolumeSource[] | ModelSource>>;

/** See `subtractContext`. */
export interface SubtractionSettings {
  readonly threshold: number;
  readonly smoothing: number;
  readonly largest: boolean;
  readonly inverse: boolean;
}
const subtractionFactsSchema = z.object({
  components: z.number(),
  volumes: z.array(z.number()).readonly(),
  contextVolume: z.number(),
  allVolume: z.number(),
  highest: z.number(),
});
export type SubtractionFacts = z.infer<typeof subtractionFactsSchema>;

/** One thing that an engine does. */
export type Task =
  | {
      readonly kind: 'recipe';
      readonly recipe: string;
      readonly inputs: RecipeInputs;
      readonly parameters: Readonly<Record<string, unknown>>;
      /** Raw file of each output volume in the daemon's volume folder; empty when only `outputPath` is wanted. */
      readonly rawOutputs: Readonly<Record<string, string>>;
      /** mmCIF file of each model in the daemon's model folder that the recipe may make; the same. */
      readonly modelOutputs: Readonly<Record<string, string>>;
      /** MRC file to write for the main output, or null. */
      readonly outputPath: string | null;
    }
  | { readonly kind: 'statistics'; readonly source: VolumeSource }
  /** So that the engine knows the hash of a file when a recipe asks for it. */
  | { readonly kind: 'hash'; readonly path: string }
  /** Any source as raw voxels, so that the daemon can serve ranges and regions without parsing. */
  | { readonly kind: 'materialise'; readonly source: VolumeSource; readonly rawPath: string }
  | { readonly kind: 'save'; readonly source: VolumeSource; readonly path: string }
  /** Context out of a target on the same grid, with the result as raw voxels. */
  | {
      readonly kind: 'subtract';
      readonly context: VolumeSource;
      /** One map, or two half maps, whose mean it is. */
      readonly target: readonly [VolumeSource, ...VolumeSource[]];
      readonly settings: SubtractionSettings;
      /** Made when it is not there; a file of the right length is written over, which costs half as much. */
      readonly rawPath: string;
    }
  /** Reads and checks a model; with a path it is also written there as mmCIF, so that the daemon can serve it. */
  | { readonly kind: 'model'; readonly source: ModelSource; readonly writeTo: string | null }
  /** Converts a file of a network and keeps it in the folder of networks. */
  | { readonly kind: 'import-network'; readonly folder: string; readonly given: Params<'network.import'> };

export type ToEngine =
  { readonly kind: 'run'; readonly id: string; readonly task: Task } | { readonly kind: 'cancel'; readonly id: string };

export const statisticsResultSchema = z.object({
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  sd: z.number(),
  zeros: z.number(),
  nonFinite: z.number(),
});

const outcomeSchema = z.object({
  outputs: z.record(z.string(), gridSchema),
  /** Of `modelOutputs` those that were made. */
  models: z.record(z.string(), modelFactsSchema),
  files: z.array(outputFileSchema),
  timings: z.record(z.string(), z.number()),
  warnings: z.array(warningSchema),
  /** What went into the sidecar: parameters with defaults, scaled voxels and so on. */
  provenance: z.record(z.string(), z.unknown()),
});
/** What a recipe made. */
export type Outcome = z.infer<typeof outcomeSchema>;

const resultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('recipe'), outcome: outcomeSchema }),
  z.object({ kind: z.literal('statistics'), statistics: statisticsResultSchema }),
  z.object({ kind: z.literal('hash') }),
  z.object({ kind: z.literal('materialise'), grid: gridSchema }),
  z.object({ kind: z.literal('save') }),
  z.object({ kind: z.literal('subtract'), grid: gridSchema, facts: subtractionFactsSchema }),
  z.object({
    kind: z.literal('model'),
    format: z.enum(['pdb', 'mmcif']),
    facts: modelFactsSchema,
    warnings: z.array(warningSchema),
  }),
  z.object({ kind: z.literal('import-network'), name: z.string() }),
]);
export type TaskResult = z.infer<typeof resultSchema>;

/** Progress of a task; the supervisor adds time. */
const progressSchema = z.object({ step: z.string(), fraction: z.number(), message: z.string() });
export type TaskProgress = z.infer<typeof progressSchema>;

const rangeSchema = z.tuple([z.number(), z.number()]).readonly();
const slabSchema = z.object({ output: z.string(), sections: rangeSchema, columns: rangeSchema.optional() });
/** Sections [first, end) of an output are final and lie in its raw file; with `columns` (x) only that part of them. */
export type Slab = z.infer<typeof slabSchema>;

/** What an engine says; checked at the border because the process may be dying while it writes. */
export const fromEngineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), simd: z.string().nullable(), reason: z.string().nullable() }),
  z.object({ kind: z.literal('alive') }),
  z.object({ kind: z.literal('progress'), id: z.string(), progress: progressSchema }),
  z.object({ kind: z.literal('slab'), id: z.string(), slab: slabSchema }),
  z.object({ kind: z.literal('done'), id: z.string(), result: resultSchema }),
  z.object({ kind: z.literal('failed'), id: z.string(), error: errorSchema }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
