// Low-pass filter whose cut-off changes from voxel to voxel.
#pragma once

#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::local {

/**
 * Filters each voxel at its own resolution (angstrom; 0: at the lowest resolution that is present), with the tanh edge
 * of filter::tanhLowPass. The map is filtered whole at cut-offs a twentieth apart, and each voxel takes the linear
 * interpolation, in frequency, between the two next to its own. Voxels at two voxel sizes or finer are filtered at the
 * Nyquist frequency. Single precision. Memory beyond the arrays: 12 bytes per voxel.
 */
void localFilter(std::span<const float> map, const Shape& shape, std::span<const float> resolution, double voxelSize,
                 std::span<float> filtered, int threads, const Control& control);

}  // namespace locscale::local
