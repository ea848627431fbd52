#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "test/window_geometry.h"

namespace locscale::oracle {

struct LocalFsc {
  std::vector<double> curves;      ///< (voxel, shell), shells 0 ... w/2 - 1
  std::vector<double> resolution;  ///< angstrom; 0 where the window is empty
};

/**
 * Local resolution the straightforward way and in double precision: for every voxel the window of both half maps (`map`
 * and `reference` of `maps`), moved into the box, times the taper, two transforms, the FSC of whole shells and its
 * first crossing.
 */
LocalFsc localFsc(const Maps& maps, int window, double voxelSize, double threshold,
                  std::span<const std::uint32_t> voxels, int threads);

/**
 * The peer of the benchmark: the same loop in single precision with FFTW's patient plan, on the calling thread. Returns
 * its CPU time in seconds, planning not counted; `resolution` gets what it found.
 */
double timeLocalFsc(const Maps& maps, int window, double voxelSize, double threshold,
                    std::span<const std::uint32_t> voxels, std::span<double> resolution);

}  // namespace locscale::oracle
