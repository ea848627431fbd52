import { networkOptions, samplingOptions } from './network-options.js';
import { ignored, type OptionSpec, works } from './spec.js';

/** Options of `locscale feature_enhance`, LocScale's and ours, in groups as the help shows them. */
export const featureGroups: Readonly<Record<string, readonly OptionSpec[]>> = {
  'Input maps': [
    works('em', 'emmap_path', '<map>'),
    works('hm', 'halfmap_paths', '<half1> <half2>'),
    works('p', 'apix', '<angstrom>'),
    ignored('filter_input', 'filter_input', '', 'LocScale accepts it and never reads it'),
    works(
      'apply_fsc_filter',
      'apply_fsc_filter',
      '',
      'Weight the mean of the half maps by their FSC before anything else.',
    ),
  ],
  Enhancement: [
    works(null, 'protect', '<mask>'),
    ...samplingOptions,
    works('sym', 'symmetry', '<group>'),
    works(null, 'helical', '<twist,rise>'),
    works(null, 'centre', '<z,y,x>'),
    works(null, 'force_symmetry', ''),
    ignored('pb', 'physics_based', '', 'LocScale’s network of two channels was never published'),
  ],
  Networks: [
    ...networkOptions,
    works('cube_size', 'cube_size', '<voxels>', 'Edge of the network’s cubes at 1 Å.'),
    works('model_path', 'model_path', '<name>', 'Name of the network (`locscale network list`).'),
    ignored('download', 'download', '', 'networks are fetched by `locscale network pull emmernet`'),
  ],
  Mask: [
    works('ma', 'mask', '<map>'),
    works('fdr', 'fdr_threshold', '<fraction>'),
    works('fdr_w', 'fdr_window_size', '<voxels>'),
    works(null, 'noise_box', '<z,y,x>'),
    works('fdr_f', 'fdr_filter', '<angstrom>'),
    ignored('avg_filter', 'averaging_filter_size', '<voxels>', 'LocScale’s mask is not averaged either'),
    ignored('th', 'mask_threshold', '<confidence>', '-fdr says where the mask ends'),
  ],
  Output: [
    works('o', 'outfile', '<map>', 'Map to write. Default: feature_enhanced_output.mrc in the current directory.'),
    ignored('op', 'output_processing_files', '<folder>', 'all maps are written beside the enhanced one'),
    works(null, 'print_report', ''),
    works(null, 'report_filename', '<stem>'),
    works('v', 'verbose', '', 'Print steps, timings and warnings.'),
  ],
  Baseline: [
    works('wn', 'window_size', '<voxels>'),
    works(null, 'profile', '<name>'),
    works('np', 'number_processes', '<n>'),
    works('mpi', 'mpi', '', 'Share the work among the processes that mpirun or srun has started.'),
  ],
  'How to run': [
    works(null, 'compat', '<version>'),
    works(null, 'no-daemon', '', 'Compute in this process instead of the daemon (clusters, containers).'),
    works(null, 'json', '', 'Print one JSON object on standard output, nothing else.'),
  ],
};

export const featureOptions: readonly OptionSpec[] = Object.values(featureGroups).flat();
