#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "kernels/pseudo_atoms/point.h"
#include "kernels/shape.h"

namespace locscale::pseudo {

/** Voxels that reach the threshold; the molecule's volume is so many times that of a voxel. NaN does not reach it. */
std::size_t countReaching(std::span<const float> mask, float threshold);

/** Where atoms may lie: voxels of the mask that reach the threshold and do not belong to the rim of the box. */
class Region {
 public:
  /**
   * Rim without atoms, voxels; LocScale's. Four samples along each axis around any position in the region lie in the
   * box, so that nobody who interpolates or takes a difference there need look for faces.
   */
  static constexpr int kRim = 2;

  Region(std::span<const float> mask, float threshold, const Shape& shape);

  const std::vector<std::size_t>& voxels() const noexcept { return voxels_; }
  const Shape& shape() const noexcept { return shape_; }

  /** Whether the voxel nearest to a position belongs to the region. */
  bool holds(const Point& p) const noexcept {
    const auto [x, y, z] = Point{std::floor(p.x + 0.5), std::floor(p.y + 0.5), std::floor(p.z + 0.5)};
    if (!(x >= kRim && y >= kRim && z >= kRim && x < shape_.x - kRim && y < shape_.y - kRim && z < shape_.z - kRim))
      return false;
    return mask_[(static_cast<std::size_t>(z) * shape_.y + static_cast<std::size_t>(y)) * shape_.x +
                 static_cast<std::size_t>(x)] >= threshold_;
  }

  /** Centre of a voxel. */
  Point centre(std::size_t voxel) const noexcept {
    const std::size_t nx = shape_.x, section = shape_.section();
    return {static_cast<double>(voxel % nx), static_cast<double>(voxel % section / nx),
            static_cast<double>(voxel / section)};
  }

 private:
  std::span<const float> mask_;
  float threshold_;
  Shape shape_;
  std::vector<std::size_t> voxels_;
};

}  // namespace locscale::pseudo
