import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/u);
const bytes = z.int().positive();
const cube = z.tuple([z.int().positive(), z.int().positive(), z.int().positive(), z.int().positive()]);

const ascending = (knots: readonly number[]): boolean =>
  knots[0] === 0 && knots.every((knot, at) => at === 0 || knot > (knots[at - 1] as number));

/** Errors in units of the calibrated error to deviates of a normal distribution; both begin with 0 and rise. */
const deviatesSchema = z
  .strictObject({ seen: z.array(z.number()).min(2).max(1000), normal: z.array(z.number()).min(2).max(1000) })
  .refine(({ seen, normal }) => seen.length === normal.length, 'seen and normal must have the same length')
  .refine(({ seen, normal }) => ascending(seen) && ascending(normal), 'seen and normal must begin with 0 and rise');

/** Standard error of a Monte Carlo mean to expected error: non-decreasing, linear between knots, constant beyond them. */
export const calibratorSchema = z
  .object({
    kind: z.literal('isotonic'),
    /** Passes for which it was fitted. */
    samples: z.int().positive(),
    x: z.array(z.number()).min(2).max(10_000),
    y: z.array(z.number().positive()).min(2).max(10_000),
    /** Where errors have longer tails than normal ones; see `normalDeviate`. */
    deviates: deviatesSchema.optional(),
  })
  .refine(({ x, y }) => x.length === y.length, 'x and y must have the same length')
  .refine(
    ({ x, y }) => [x, y].every((knots) => knots.every((knot, at) => at === 0 || knot >= (knots[at - 1] as number))),
    {
      message: 'x and y must not decrease',
    },
  );
export type Calibrator = z.infer<typeof calibratorSchema>;

/** A random layer; see `Dropout`. */
export const dropoutSchema = z
  .strictObject({
    node: z.string(),
    kind: z.enum(['element', 'channel', 'gaussian-factor', 'gaussian-noise']),
    rate: z.number().nonnegative(),
    shape: cube,
  })
  .refine(({ kind, rate }) => kind === 'gaussian-noise' || rate < 1, 'the rate must be below 1');

/** How a network that finds context is applied; see `Segmentation`. */
export const segmentationSchema = z.strictObject({
  voxelSize: z.number().min(0.5).max(8),
  stride: z.int().positive(),
  resampling: z.enum(['fourier', 'quadratic']),
  output: z.enum(['logit', 'probability']),
});

/** How much of the map a prediction keeps; see `withMapShare`. */
const mapShareSchema = z.strictObject({
  /** Share in a Fourier shell in which both agree wholly. */
  most: z.number().positive().max(1),
  /** Predicted density, smoothed, from which on the share is whole; in the network's own units (`emmernet-sim`: per Å³). */
  density: z.number().positive(),
});
export type MapShare = z.infer<typeof mapShareSchema>;

/** Everything that is known of a network, in the file beside its graph. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  graph: z.strictObject({ file: z.string().regex(/^[A-Za-z0-9._-]+\.onnx$/u), bytes, sha256: digest }),
  source: z.strictObject({
    format: z.enum(['keras', 'pytorch', 'onnx']),
    /** Where it was imported from: a path, or the address that it was fetched from. */
    from: z.string(),
    bytes,
    sha256: digest,
  }),
  importedAt: z.iso.datetime(),
  program: z.string(),
  /** Channels, z, y, x of the cube that the network was made for; the network takes standardised maps at 1 Å. */
  input: cube,
  output: cube,
  parameters: z.int().nonnegative(),
  /** Trained on cubes in all orientations, so that it is shown them turned; see `turningCubes`. */
  turned: z.boolean().optional(),
  /** Its calibrator was fitted with it. */
  mapShare: mapShareSchema.optional(),
  /** Random layers in the order of the graph. In the file they are `Identity` nodes. */
  dropouts: z.array(dropoutSchema),
  licence: z.string().nullable(),
  trainingData: z.string().nullable(),
  calibrator: calibratorSchema.nullable(),
  /** Only of networks that find context. */
  segmentation: segmentationSchema.optional(),
  notes: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifestSchema>;
