#pragma once

#include <span>
#include <vector>

#include "kernels/shape.h"

namespace locscale::mask {

/** A cube of `edge` voxels whose first corner is voxel (z, y, x). */
struct NoiseBox {
  int z = 0, y = 0, x = 0, edge = 0;
};

/** Mean and population variance of the voxels of all boxes. */
struct Noise {
  double mean = 0, variance = 0;
};

/**
 * Mean and variance in the precision of the map, summed pairwise as NumPy does (blocks of up to 128 values in eight
 * running sums, halves above that): LocScale takes these numbers from NumPy in single precision, and the last bit of a
 * float mean moves confidences by 1e-6.
 */
template <typename Voxel>
Noise measureNoise(std::span<const Voxel> map, const Shape& shape, const std::vector<NoiseBox>& boxes);

}  // namespace locscale::mask
