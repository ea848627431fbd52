#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/shape.h"

namespace locscale::mask {

/**
 * The ball of LocScale's confidence maps: sqrt(z^2 + y^2 + x^2) <= R with R = (longest edge) / 2 rounded down, and n
 * points from -floor(n/2) over a span of n on each axis. So it is stretched by n/(n-1) and off-centre in boxes of odd
 * edges; kept, because masks depend on it (scaling.md 15, no. 12).
 */
class Ball {
 public:
  explicit Ball(const Shape& shape)
      : z_(squares(shape.z)),
        y_(squares(shape.y)),
        x_(squares(shape.x)),
        radius_(std::max({shape.z, shape.y, shape.x}) / 2) {}

  bool holds(std::size_t z, std::size_t y, std::size_t x) const noexcept {
    return std::sqrt(z_[z] + y_[y] + x_[x]) <= radius_;
  }

 private:
  static std::vector<double> squares(int n) {
    std::vector<double> result(n);
    // One plane has no step: numpy's linspace gives its start.
    const double start = -(n / 2), step = n > 1 ? static_cast<double>(n) / (n - 1) : 0;
    for (int i = 0; i < n; ++i) {
      // linspace sets its last point exactly.
      const double at = n > 1 && i == n - 1 ? start + n : start + i * step;
      result[i] = at * at;
    }
    return result;
  }

  std::vector<double> z_, y_, x_;
  double radius_;
};

}  // namespace locscale::mask
