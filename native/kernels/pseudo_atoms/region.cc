#include "kernels/pseudo_atoms/region.h"

namespace locscale::pseudo {

std::size_t countReaching(std::span<const float> mask, float threshold) {
  std::size_t count = 0;
  for (const float value : mask) count += value >= threshold;
  return count;
}

Region::Region(std::span<const float> mask, float threshold, const Shape& shape)
    : mask_(mask), threshold_(threshold), shape_(shape) {
  for (int z = kRim; z < shape.z - kRim; ++z)
    for (int y = kRim; y < shape.y - kRim; ++y) {
      const std::size_t row = (static_cast<std::size_t>(z) * shape.y + y) * shape.x;
      for (int x = kRim; x < shape.x - kRim; ++x)
        if (mask[row + x] >= threshold) voxels_.push_back(row + x);
    }
}

}  // namespace locscale::pseudo
