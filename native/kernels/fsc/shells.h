#pragma once

#include <algorithm>
#include <cmath>

#include "kernels/shape.h"

namespace locscale::fsc {

/**
 * Spherical shells in reciprocal space. With n the longest edge, shell r holds the coefficients of true frequency
 * r/n <= f < (r+1)/n cycles per voxel, r = 0 ... n/2 - 1. For a cube this is floor(sqrt(z^2+y^2+x^2)) in grid units;
 * for other boxes grid units would give ellipsoids.
 */
class Shells {
 public:
  explicit Shells(const Shape& shape)
      : shape_(shape),
        edge_(std::max({shape.z, shape.y, shape.x})),
        scaleZ_(squaredRatio(shape.z)),
        scaleY_(squaredRatio(shape.y)),
        scaleX_(squaredRatio(shape.x)) {}

  int count() const noexcept { return edge_ / 2; }

  /** Square of (n f) without the part of x, for array indices z and y of the spectrum. */
  double rowRadius2(int z, int y) const noexcept {
    const double kz = signedIndex(z, shape_.z), ky = signedIndex(y, shape_.y);
    return scaleZ_ * kz * kz + scaleY_ * ky * ky;
  }

  /** Shell of a coefficient; count() or more means beyond the last one kept. */
  int of(double rowRadius2, int x) const noexcept {
    // Squares of whole numbers are exact for a cube. Elsewhere the ratios round, and a radius that should be a whole
    // number must not fall into the shell below: 1e-12 is far above the rounding and far below any real difference.
    const double kx = x;
    return static_cast<int>(std::sqrt(rowRadius2 + scaleX_ * kx * kx) * (1 + 1e-12));
  }

 private:
  double squaredRatio(int n) const { return static_cast<double>(edge_) * edge_ / (static_cast<double>(n) * n); }

  Shape shape_;
  int edge_;
  double scaleZ_, scaleY_, scaleX_;
};

}  // namespace locscale::fsc
