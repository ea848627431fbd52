import { networkOptions } from './network-options.js';
import { ignored, works, type OptionSpec } from './spec.js';

/**
 * Every option of LocScale 2.3.1's `locscale` command, in the groups of its help, and our own in the last group.
 */
export const optionGroups: Readonly<Record<string, readonly OptionSpec[]>> = {
  'Input maps': [
    works('em', 'emmap_path', '<map>'),
    works('hm', 'halfmap_paths', '<half1> <half2>'),
    works('p', 'apix', '<angstrom>'),
    ignored(null, 'filter_input', '', 'LocScale accepts it and never reads it'),
    works(null, 'apply_fsc_filter', ''),
  ],
  Reference: [
    works('mm', 'model_map', '<map>'),
    works(
      'mc',
      'model_coordinates',
      '<model>',
      'Atomic model (PDB or mmCIF, .gz too) whose map becomes the reference.',
    ),
    works('mres', 'model_resolution', '<angstrom>'),
    works('sym', 'symmetry', '<group>'),
    works(null, 'helical', '<twist,rise>'),
    works(null, 'centre', '<z,y,x>'),
    works(null, 'force_symmetry', ''),
    works('res', 'ref_resolution', '<angstrom>'),
    works(null, 'no_reference', '', 'Scale without a reference: every window gets the same B-factor.'),
    works(null, 'set_local_bfactor', '<b>'),
    works(null, 'boost_secondary_structure', '<factor>'),
    works('smooth', 'smooth_factor', '<factor>'),
    works(null, 'measure_bfactors', ''),
  ],
  Mask: [
    works('ma', 'mask', '<map>'),
    works('fdr', 'fdr_threshold', '<fraction>'),
    works('fdr_w', 'fdr_window_size', '<voxels>'),
    works(null, 'noise_box', '<z,y,x>'),
    works('fdr_f', 'fdr_filter', '<angstrom>'),
    ignored(
      'avg_filter',
      'averaging_filter_size',
      '<voxels>',
      'LocScale’s mask is not averaged either; -fdr says where it ends',
    ),
    works('th', 'mask_threshold', '<confidence>'),
  ],
  Output: [
    works('o', 'outfile', '<map>', 'Map to write. Default: locscale_output.mrc in the current directory.'),
    ignored(
      'op',
      'output_processing_files',
      '<folder>',
      'intermediate results are kept elsewhere, see `locscale cache status`',
    ),
    works(null, 'local_resolution', ''),
    works(null, 'audit', ''),
    works(null, 'print_report', ''),
    works(null, 'report_filename', '<stem>'),
    works('v', 'verbose', '', 'Print steps, timings and warnings.'),
  ],
  Scaling: [
    works(null, 'form', '<name>'),
    works(null, 'difference_mask', '<map>'),
    works(null, 'wilson_cutoff', '<angstrom>'),
    works('wn', 'window_size', '<voxels>'),
    works(null, 'profile', '<name>'),
    works(null, 'local_filter', ''),
    works(null, 'local_cutoff', ''),
    works('np', 'number_processes', '<n>'),
    works('mpi', 'mpi', '', 'Share the work among the processes that mpirun or srun has started.'),
  ],
  'Model refinement': [
    ignored('ref_it', 'refmac_iterations', '<n>', 'refinement goes on until it has converged'),
    ignored(
      null,
      'refmac5_path',
      '<path>',
      'REFMAC5 is not needed; with --refinement_engine servalcat the one on the PATH is used',
    ),
    ignored(null, 'cif_info', '<path>', 'only B-factors are refined, no geometry, so that ligands need no restraints'),
    works(null, 'skip_refine', ''),
    works(null, 'refinement_engine', '<name>'),
    works(null, 'complete_model', '', 'The model (-mc) is partial: pseudo-atoms complete it.'),
    works('avg_w', 'averaging_window', '<voxels>'),
    ignored(null, 'add_blur', '<b>', 'LocScale accepts it and never reads it'),
    ignored(null, 'cref_pickle', '<path>', 'LocScale accepts it and never reads it'),
  ],
  'Pseudo-atomic model': [
    works(null, 'build_using_pseudomodel', '', 'Fill the mask with pseudo-atoms; their map becomes the reference.'),
    works(null, 'activate_pseudomodel', ''),
    works('pm', 'pseudomodel_method', '<name>'),
    works('pm_it', 'total_iterations', '<n>'),
    works('dst', 'distance', '<angstrom>'),
    works('mw', 'molecular_weight', '<kDa>'),
  ],
  Networks: [
    ...networkOptions,
    works(null, 'cube_size', '<voxels>'),
    works(null, 'model_path', '<name>'),
    ignored(null, 'dev_mode', '', 'LocScale’s own developers’ switch; it has no counterpart here'),
  ],
  'How to run': [
    works(null, 'compat', '<version>'),
    works(null, 'no-daemon', '', 'Compute in this process instead of the daemon (clusters, containers).'),
    works(null, 'json', '', 'Print one JSON object on standard output, nothing else.'),
  ],
};

/** All options in one list, in the order of the help. */
export const options: readonly OptionSpec[] = Object.values(optionGroups).flat();

/** Other commands of LocScale 2.3.1 that have no counterpart yet, and what to do instead. */
export const laterCommands: Readonly<Record<string, string>> = {
  test: 'run `locscale doctor` to check the installation',
};
