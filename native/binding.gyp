{
  # Instruction sets are chosen at run time by Highway, so no -march here; -ffast-math would break the
  # "not finite gives 0" rule of the scale factors and the exact zeros outside a mask.
  'target_defaults': {
    'default_configuration': 'Release',
    'include_dirs': [
      '<!(node -p "require(\'node-addon-api\').include_dir")',
      '.',
    ],
    'defines': ['NAPI_VERSION=8', 'NAPI_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED'],
    'cflags!': ['-fno-exceptions'],
    'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
    'cflags_cc': ['-std=c++20', '-O3', '-fexceptions', '-Wall', '-Wextra'],
    'conditions': [
      ['OS=="linux"', {
        'libraries': ['-lfftw3f', '-lfftw3', '-lhwy', '-lpthread'],
      }],
      ['OS=="mac"', {
        'include_dirs': ['<!@(pkg-config --cflags-only-I fftw3f fftw3 libhwy | sed s/-I//g)'],
        'libraries': ['<!@(pkg-config --libs fftw3f fftw3 libhwy)'],
        'xcode_settings': {
          'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
          'CLANG_CXX_LIBRARY': 'libc++',
          'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
          'GCC_OPTIMIZATION_LEVEL': '3',
          'MACOSX_DEPLOYMENT_TARGET': '13.3',
        },
      }],
    ],
  },
  'targets': [
    {
      'target_name': 'locscale_native',
      'sources': [
        'kernels/threads.cc',
        'kernels/fft/plan_cache.cc',
        'kernels/fft/fft3.cc',
        'kernels/fsc/fsc.cc',
        'kernels/fsc/radial_profile.cc',
        'kernels/fsc/randomise_phases.cc',
        'kernels/filter/cosine_mask.cc',
        'kernels/filter/radial_gain.cc',
        'kernels/map/combine.cc',
        'kernels/map/statistics.cc',
        'kernels/mask/confidence.cc',
        'kernels/mask/noise.cc',
        'kernels/resample/fourier.cc',
        'kernels/resample/spline.cc',
        'kernels/scaling/bit_volume.cc',
        'kernels/scaling/scale_factors.cc',
        'kernels/scaling/scale_windows.cc',
        'kernels/scaling/tile_kernel.cc',
        'kernels/scaling/tiles.cc',
        'kernels/scaling/window_plan.cc',
        'kernels/symmetry/correlate.cc',
        'kernels/symmetry/spline.cc',
        'kernels/symmetry/symmetrise.cc',
        'binding/addon.cc',
        'binding/fft.cc',
        'binding/filter.cc',
        'binding/fsc.cc',
        'binding/map.cc',
        'binding/mask.cc',
        'binding/process.cc',
        'binding/resample.cc',
        'binding/scaling.cc',
        'binding/symmetry.cc',
      ],
    },
    {
      # For tests and benchmarks only.
      'target_name': 'locscale_oracle',
      'cflags_cc': ['-fno-math-errno'],
      'sources': [
        'kernels/threads.cc',
        'test/window_geometry.cc',
        'test/window_oracle.cc',
        'test/window_timing.cc',
        'test/oracle_addon.cc',
      ],
    },
  ],
}
