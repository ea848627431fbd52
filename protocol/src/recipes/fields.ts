import { z } from 'zod';
import { volumeIdSchema } from '../schema/volume.js';

/** Inputs that every sharpening recipe takes: what is sharpened, and where. */
export const mapInputs = {
  halfMaps: z
    .tuple([volumeIdSchema, volumeIdSchema])
    .optional()
    .meta({ description: 'Two half maps; their mean is sharpened.', cli: '-hm, --halfmap_paths' }),
  map: volumeIdSchema
    .optional()
    .meta({ description: 'The unsharpened map; give this or the half maps.', cli: '-em, --emmap_path' }),
  mask: volumeIdSchema.optional().meta({
    description:
      'Voxels with a value of at least 0.5 are scaled; all others become 0. Default: a confidence mask made from the map.',
    cli: '-ma, --mask',
  }),
};

/** What is sharpened must be said once. */
export const oneMap = {
  holds: (i: { readonly halfMaps?: unknown; readonly map?: unknown }): boolean =>
    (i.halfMaps === undefined) !== (i.map === undefined),
  message: { message: 'give either two half maps (halfMaps) or one map (map)' },
};

/** Windows, voxels and threads. */
export const windowParameters = {
  windowSize: z.int().min(4).max(128).optional().meta({
    description: 'Edge of the window; an odd number is raised to the next even one. Default: 25 Å, rounded up to even.',
    unit: 'voxels',
    cli: '-wn, --window_size',
  }),
  profile: z.enum(['octant', 'shell']).default('octant').meta({
    description:
      'Which Fourier coefficients of a window make its radial profile: one octant of array indices, as in LocScale, or whole shells.',
    cli: '--profile',
  }),
  voxelSize: z.number().positive().optional().meta({
    description:
      'Replaces the voxel size of the headers, in all formulas and in the output. Default: that of the headers.',
    unit: 'Å',
    cli: '-p, --apix',
  }),
  threads: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .meta({ description: 'Threads of the kernels. Default: all processors.', cli: '-np, --number_processes' }),
};

/** What is done to the map before it is scaled. */
export const preparationParameters = {
  fscFilter: z.boolean().default(false).meta({
    description: 'Weight the mean of the half maps by their FSC before anything else.',
    cli: '--apply_fsc_filter',
  }),
  compatibility: z.enum(['none', 'locscale-2.3']).default('none').meta({
    description: 'Whose rules hold where ours differ from those of LocScale 2.3.1 (FSC axis and crossing).',
    cli: '--compat',
  }),
};

/** A symmetry that the map is said to have. */
export const symmetryParameters = {
  symmetry: z.string().default('C1').meta({
    description:
      'Point group of the map (C4, D7, T, O, I …); it is checked first, and then the reference map is averaged over it.',
    cli: '-sym, --symmetry',
  }),
  helix: z.tuple([z.number(), z.number()]).optional().meta({
    description:
      'Twist in degrees (right-handed positive) and rise in Å of a helix about z, beside the point group of a subunit ring.',
    cli: '--helical',
  }),
  symmetryCentre: z.tuple([z.number(), z.number(), z.number()]).optional().meta({
    description: 'Position (z, y, x) of the symmetry’s centre. Default: voxel n/2 on each axis, as in RELION.',
    unit: 'voxels',
    cli: '--centre',
  }),
  forceSymmetry: z.boolean().default(false).meta({
    description: 'Go on although the map does not have the symmetry.',
    cli: '--force_symmetry',
  }),
};

/** How the confidence mask is made when no mask is given. */
export const maskParameters = {
  falseDiscoveryRate: z.number().gt(0).lt(1).default(0.01).meta({
    description: 'False discovery rate of the confidence mask: it holds the voxels of confidence 1 - rate and more.',
    cli: '-fdr, --fdr_threshold',
  }),
  noiseWindow: z.int().min(2).max(1024).optional().meta({
    description: 'Edge of the cubes in which noise is measured. Default: a tenth of the sections, rounded up to even.',
    unit: 'voxels',
    cli: '-fdr_w, --fdr_window_size',
  }),
  noiseBox: z
    .tuple([z.int().min(0), z.int().min(0), z.int().min(0)])
    .optional()
    .meta({
      description:
        'Voxel (z, y, x) in the middle of the one cube in which noise is measured. Default: four cubes near the faces.',
      unit: 'voxels',
      cli: '--noise_box',
    }),
  maskFilter: z.number().positive().optional().meta({
    description: 'Resolution of a low-pass before the confidence mask is made. Default: none.',
    unit: 'Å',
    cli: '-fdr_f, --fdr_filter',
  }),
};

/** How a reference comes from atoms. */
export const modelParameters = {
  referenceResolution: z.number().positive().optional().meta({
    description: 'Resolution of a low-pass of the reference map. Default: none.',
    unit: 'Å',
    cli: '-mres, --model_resolution',
  }),
  refinementEngine: z.enum(['built-in', 'servalcat']).default('built-in').meta({
    description: 'What refines B-factors: this program, or the servalcat that is on the PATH.',
    cli: '--refinement_engine',
  }),
};

/** How pseudo-atoms are placed. */
export const pseudoAtomParameters = {
  maskThreshold: z.number().gt(0).max(1).default(0.99).meta({
    description: 'Confidence, or value of the given mask, from which on voxels hold pseudo-atoms.',
    cli: '-th, --mask_threshold',
  }),
  pseudoModelMethod: z.enum(['gradient', 'kick']).default('gradient').meta({
    description:
      'gradient: pseudo-atoms follow the map; kick: they only keep their distance, for maps too poor to follow.',
    cli: '-pm, --pseudomodel_method',
  }),
  pseudoModelIterations: z.int().min(1).max(100_000).optional().meta({
    description: 'Iterations at most. Default: until the pseudo-atoms rest; 50 with --compat.',
    cli: '-pm_it, --total_iterations',
  }),
  pseudoAtomDistance: z.number().positive().max(10).optional().meta({
    description: 'Smallest distance that pseudo-atoms keep. Default: 2 Å; 1.2 Å with kick or --compat.',
    unit: 'Å',
    cli: '-dst, --distance',
  }),
  boost: z.number().min(1).default(1.5).meta({
    description: 'Factor on the deviation from the Wilson plot in the theoretical form (secondary structure).',
    cli: '--boost_secondary_structure',
  }),
};

/** Between which resolutions local B-factors are fitted. */
export const cutoffParameters = {
  resolution: z.number().positive().optional().meta({
    description: 'Resolution of the map. Default: FSC 0.143 of the half maps, or 1 Å beyond the voxel size’s limit.',
    unit: 'Å',
    cli: '-res, --ref_resolution',
  }),
  wilsonCutoff: z.number().positive().optional().meta({
    description: 'Resolution at which fits of B-factors begin. Default: from the volume of the mask.',
    unit: 'Å',
    cli: '--wilson_cutoff',
  }),
};

/** A page that tells of the run. */
export const reportParameters = {
  report: z.boolean().default(false).meta({
    description:
      'Write a report beside the map, `<stem>_report.html` and `.pdf`. Local scaling is audited for it, too.',
    cli: '--print_report',
  }),
  reportName: z.string().min(1).optional().meta({
    description: 'Name of the report’s files, without ending. Default: from the map.',
    cli: '--report_filename',
  }),
};

/** What is written beside the maps, to judge them. */
export const recordParameters = {
  audit: z.boolean().default(false).meta({
    description:
      'Scale a sample of the mask (1 %, the same voxels each time) again, window by window in double precision; compare, and write `<stem>_audit.json`.',
    cli: '--audit',
  }),
  smoothFactor: z.number().positive().default(0.3).meta({
    description: 'How softly the audit’s merged profile goes over from the reference to the theoretical one.',
    unit: '1/Å',
    cli: '-smooth, --smooth_factor',
  }),
  ...reportParameters,
};

/** What is done with the resolution of each place; needs half maps. */
export const localParameters = {
  localResolution: z.boolean().default(false).meta({
    description: 'Also give the local resolution of the half maps.',
    cli: '--local_resolution',
  }),
  localFilter: z.boolean().default(false).meta({
    description: 'Low-pass the scaled map at each voxel at the local resolution of the half maps.',
    cli: '--local_filter',
  }),
  localCutoff: z.boolean().default(false).meta({
    description: 'Scale each window only up to the local resolution of the half maps; nothing beyond it is kept.',
    cli: '--local_cutoff',
  }),
};

/** Volumes that a recipe makes; those in question only when the request leads to them. */
export const sharpeningOutputs = {
  sharpened: 'The scaled map; exactly 0 where nothing was scaled.',
  localResolution: 'Local resolution in Å, 0 outside the mask; only when it is asked for or filtered by.',
  mask: 'The confidence mask, 0 or 1; only when no mask was given.',
  bfactors: 'Local B-factors in Å², 0 outside the mask; only when they are fitted.',
  qualities: 'R² of the fits of the B-factors; only when they are fitted.',
};

/** What recipes with a model make beside that. */
export const modelOutputs = {
  ...sharpeningOutputs,
  reference: 'The reference map that was made from atoms.',
};

/** Models of every recipe whose reference comes from atoms. */
export const refinedModels = {
  model:
    'The model with its refined B-factors, before averaging and shifting; pseudo-atoms are residues named DUM in a chain of their own. Not when refinement was skipped.',
};

/** Parameters of every recipe that scales to a reference which it does not predict. */
export const referenceParameters = {
  ...windowParameters,
  ...cutoffParameters,
  ...preparationParameters,
  ...symmetryParameters,
  ...maskParameters,
  ...localParameters,
  ...recordParameters,
};

/** Parameters of every recipe whose reference comes from atoms. */
export const fromAtomsParameters = { ...modelParameters, ...referenceParameters };
