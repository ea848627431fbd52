#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/pseudo_atoms/point.h"

namespace locscale::pseudo {

/**
 * Atoms sorted into cubes, so that those near a place are found without looking at all. Within a cube they keep their
 * order: sums over neighbours do not depend on who computes them.
 */
class NeighbourCells {
 public:
  /** For looking within `reach` voxels. */
  NeighbourCells(std::span<const Point> atoms, double reach);

  /** Calls `visit(atom, position)` for every atom within reach of `p` and some beyond, always in the same order. */
  template <typename Visit>
  void near(const Point& p, Visit&& visit) const {
    const Point from = p - low_;
    const int x0 = cell(from.x - reach_, nx_), x1 = cell(from.x + reach_, nx_);
    const int y0 = cell(from.y - reach_, ny_), y1 = cell(from.y + reach_, ny_);
    const int z0 = cell(from.z - reach_, nz_), z1 = cell(from.z + reach_, nz_);
    for (int z = z0; z <= z1; ++z)
      for (int y = y0; y <= y1; ++y) {
        const std::size_t row = (static_cast<std::size_t>(z) * ny_ + y) * nx_;
        const std::uint32_t end = starts_[row + x1 + 1];
        for (std::uint32_t i = starts_[row + x0]; i < end; ++i) visit(order_[i], positions_[i]);
      }
  }

 private:
  int cell(double offset, int count) const noexcept {
    const double index = offset / edge_;
    return index <= 0 ? 0 : index >= count - 1 ? count - 1 : static_cast<int>(index);
  }

  Point low_;
  double reach_, edge_;
  int nx_ = 1, ny_ = 1, nz_ = 1;
  std::vector<std::uint32_t> starts_, order_;
  std::vector<Point> positions_;  ///< in the order of `order_`
};

/** Distance of each atom to its nearest neighbour, voxels; infinity where there is none within `reach`. */
std::vector<double> nearestNeighbours(std::span<const Point> atoms, double reach, int threads);

}  // namespace locscale::pseudo
