#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "test/window_geometry.h"

namespace locscale::oracle {

struct WindowTiming {
  /** CPU time of the calling thread, planning not counted. */
  double seconds = 0;
  std::vector<float> values;
};

/**
 * The peer of the benchmark: what a careful programmer gets out of FFTW without leaving the loop over windows. Single
 * precision, patient plan, two forward transforms a voxel, octant sums, and the centre as a dot product instead of an
 * inverse transform. One thread.
 */
WindowTiming timeWindowMethod(const Maps& maps, int window, std::span<const std::uint32_t> voxels);

}  // namespace locscale::oracle
