#include "kernels/model/near_atoms.h"

#include <algorithm>
#include <cmath>

#include "kernels/threads.h"

namespace locscale::model {

void markNearAtoms(const Atoms& atoms, const Box& box, double radius, std::span<std::uint8_t> mask, int threads,
                   const Control& control) {
  const auto edges = box.edges();
  std::fill(mask.begin(), mask.end(), std::uint8_t{0});
  control.setTotal(box.shape.z);
  /** Voxels along one axis whose coordinate differs from `at` by at most `limit`, both in angstrom. */
  const auto range = [&](int axis, double at, double limit) {
    const double step = box.voxelSize[axis];
    const double most = edges[axis] - 1;
    const double first = std::ceil(std::clamp((at - limit) / step, 0.0, most + 1));
    const double last = std::floor(std::clamp((at + limit) / step, -1.0, most));
    return std::pair{static_cast<int>(first), static_cast<int>(last)};
  };
  constexpr int kThickness = 8;
  const std::size_t slabs = (box.shape.z + kThickness - 1) / kThickness;
  parallelFor(slabs, threads, [&](std::size_t slab, std::size_t) {
    control.throwIfCancelled();
    const int begin = static_cast<int>(slab) * kThickness, end = std::min(begin + kThickness, box.shape.z);
    for (std::size_t atom = 0; atom < atoms.size(); ++atom) {
      const double* p = &atoms.positions[3 * atom];
      const double at[3] = {p[0] - box.origin[0], p[1] - box.origin[1], p[2] - box.origin[2]};
      if (at[2] + radius < begin * box.voxelSize[2] || at[2] - radius > end * box.voxelSize[2]) continue;
      const auto [z0, z1] = range(2, at[2], radius);
      for (int z = std::max(z0, begin); z <= std::min(z1, end - 1); ++z) {
        const double dz = z * box.voxelSize[2] - at[2], left = radius * radius - dz * dz;
        if (left < 0) continue;
        const auto [y0, y1] = range(1, at[1], std::sqrt(left));
        for (int y = y0; y <= y1; ++y) {
          const double dy = y * box.voxelSize[1] - at[1], rest = left - dy * dy;
          if (rest < 0) continue;
          const auto [x0, x1] = range(0, at[0], std::sqrt(rest));
          if (x0 > x1) continue;
          auto* row = mask.data() + (static_cast<std::size_t>(z) * box.shape.y + y) * box.shape.x;
          std::fill(row + x0, row + x1 + 1, std::uint8_t{1});
        }
      }
    }
    control.advance(end - begin);
  });
}

}  // namespace locscale::model
