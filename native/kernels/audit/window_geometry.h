// Windows of one size: how one is cut out of a map, and tables of its half spectrum.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "kernels/scaling/window_plan.h"
#include "kernels/shape.h"

namespace locscale::audit {

/** Tables of a w^3 window's half spectrum (w, w, w/2 + 1), one entry per stored coefficient. */
struct WindowGeometry {
  explicit WindowGeometry(int window, ProfileKind profile = ProfileKind::kOctant);

  int w, h;
  std::size_t voxels, coefficients;
  /**
   * Bin of the profile, -1 for coefficients that enter none: floor(sqrt(z^2 + y^2 + x^2)), in the octant of the array
   * indices, which are not folded to signed frequencies, in shells of the signed frequencies.
   */
  std::vector<int> profileBin;
  /** How many coefficients of the profile one stored coefficient stands for: 2 where its conjugate counts too. */
  std::vector<int> profileWeight;
  std::vector<int> profileCount;
  /**
   * z^2 + y^2 + x^2 of the signed frequency: its root is the true frequency in bins, at which the gain is taken.
   * The largest is 3 h^2.
   */
  std::vector<int> radius2;
  /**
   * Weight of Re F in the value at the window's centre, index (h, h, h): (-1)^(z+y+x), twice for the coefficients
   * whose conjugates are not stored.
   */
  std::vector<int> centreWeight;
};

/** A voxel of the box. */
struct Voxel {
  int z, y, x;
};

/** Copies the window [c - h, c + h) around `centre`; positions outside the box read as `fill`. */
template <typename Real>
void cutWindow(std::span<const float> map, const Shape& shape, float fill, int w, const Voxel& centre, Real* window) {
  const int h = w / 2;
  const int z0 = centre.z - h, y0 = centre.y - h, x0 = centre.x - h;
  const bool inside = x0 >= 0 && x0 + w <= shape.x;
  for (int z = z0; z < z0 + w; ++z) {
    for (int y = y0; y < y0 + w; ++y, window += w) {
      const bool rowInside = z >= 0 && z < shape.z && y >= 0 && y < shape.y;
      const float* row = map.data() + (static_cast<std::ptrdiff_t>(z) * shape.y + y) * shape.x;
      if (rowInside && inside) {
        std::copy_n(row + x0, w, window);
      } else {
        for (int x = 0; x < w; ++x) {
          const int column = x0 + x;
          window[x] = rowInside && column >= 0 && column < shape.x ? row[column] : fill;
        }
      }
    }
  }
}

/** Gain at `radius` bins: s interpolated between whole bins, constant from the last one on (corners). */
template <typename Real>
Real gainAt(double radius, std::span<const Real> scaleFactors) {
  const std::size_t last = scaleFactors.size() - 1;
  if (radius >= static_cast<double>(last)) return scaleFactors[last];
  const auto lower = static_cast<std::size_t>(radius);
  const Real fraction = static_cast<Real>(radius - static_cast<double>(lower));
  return scaleFactors[lower] + fraction * (scaleFactors[lower + 1] - scaleFactors[lower]);
}

/** s(r) = |target| / |map|, 0 where that is not finite. */
template <typename Real>
void divideProfiles(std::span<const Real> target, std::span<const Real> map, std::span<Real> scaleFactors) {
  for (std::size_t r = 0; r < scaleFactors.size(); ++r) {
    const Real ratio = std::abs(target[r]) / std::abs(map[r]);
    scaleFactors[r] = std::isfinite(ratio) ? ratio : 0;
  }
}

}  // namespace locscale::audit
