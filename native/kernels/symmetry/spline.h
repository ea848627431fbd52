#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::symmetry {

/** A position in a box, in voxels, along (z, y, x); voxel centres are whole numbers. */
using Position = std::array<double, 3>;

/**
 * Turns voxels into coefficients of the cubic B-spline that runs through them (Unser, Aldroubi & Eden 1993: recursive
 * filter with pole sqrt(3) - 2), in place. Beyond the box the map is continued by reflection about its outermost
 * voxels. `alongZ` false leaves every section a two-dimensional spline of its own, for positions on sections. Progress:
 * nz sections and ny planes.
 */
void splineCoefficients(std::span<float> voxels, const Shape& shape, bool alongZ, int threads, const Control& control);

/** Positions this close to the outermost voxel centres (in voxels) still count as inside: rounding of the operators. */
inline constexpr double kEdgeTolerance = 1e-6;

/** Whether a position lies between the outermost voxel centres, where interpolation needs no voxel beyond the box. */
inline bool isInside(const Position& p, const Shape& shape) noexcept {
  const auto in = [](double at, int n) { return at >= -kEdgeTolerance && at <= n - 1 + kEdgeTolerance; };
  return in(p[2], shape.x) && in(p[1], shape.y) && in(p[0], shape.z);
}

namespace detail {

/** First of the four taps of a position inside the box and their weights. */
struct Taps {
  int first;
  std::array<float, 4> weights;

  explicit Taps(double at) noexcept {
    // Positions are above -1, where truncation after adding 1 is the floor, without a call.
    const int floor = static_cast<int>(at + 1) - 1;
    first = floor - 1;
    const float t = static_cast<float>(at - floor), s = 1 - t;
    constexpr float sixth = 1.0f / 6;
    weights = {s * s * s * sixth, (4 - 3 * t * t * (2 - t)) * sixth, (4 - 3 * s * s * (2 - s)) * sixth,
               t * t * t * sixth};
  }
  bool within(int n) const noexcept { return first >= 0 && first + 3 < n; }
};

/** Index of a voxel after reflection about the outermost ones; taps reach at most two voxels beyond. */
constexpr int reflected(int i, int n) noexcept {
  if (n == 1) return 0;
  while (i < 0 || i >= n) i = i < 0 ? -i : 2 * (n - 1) - i;
  return i;
}

}  // namespace detail

/** Value of the spline at a position inside the box, near a face: taps beyond it are reflected. */
inline float splineValueNearFace(const float* coefficients, const Shape& shape, const detail::Taps& z,
                                 const detail::Taps& y, const detail::Taps& x) noexcept {
  float sum = 0;
  for (int k = 0; k < 4; ++k) {
    const std::size_t section = detail::reflected(z.first + k, shape.z) * shape.section();
    for (int j = 0; j < 4; ++j) {
      const float* row =
          coefficients + section + static_cast<std::size_t>(detail::reflected(y.first + j, shape.y)) * shape.x;
      float along = 0;
      for (int i = 0; i < 4; ++i) along += x.weights[i] * row[detail::reflected(x.first + i, shape.x)];
      sum += z.weights[k] * y.weights[j] * along;
    }
  }
  return sum;
}

/** Value of the spline at a position inside the box. */
inline float splineValue(const float* coefficients, const Shape& shape, const Position& p) noexcept {
  const detail::Taps z(p[0]), y(p[1]), x(p[2]);
  if (!(z.within(shape.z) && y.within(shape.y) && x.within(shape.x)))
    return splineValueNearFace(coefficients, shape, z, y, x);
  const std::size_t nx = static_cast<std::size_t>(shape.x);
  const float* section = coefficients + (static_cast<std::size_t>(z.first) * shape.y + y.first) * nx + x.first;
  float sums[4] = {};  // one for each x tap: the lanes of one vector
  for (int k = 0; k < 4; ++k, section += shape.section()) {
    float plane[4] = {};
    for (int j = 0; j < 4; ++j) {
      for (int i = 0; i < 4; ++i) plane[i] += y.weights[j] * section[j * nx + i];
    }
    for (int i = 0; i < 4; ++i) sums[i] += z.weights[k] * plane[i];
  }
  return (sums[0] * x.weights[0] + sums[1] * x.weights[1]) + (sums[2] * x.weights[2] + sums[3] * x.weights[3]);
}

/** The same for a position on section z, from coefficients that were not filtered along z. */
inline float sectionValue(const float* coefficients, const Shape& shape, std::size_t z, double atY,
                          double atX) noexcept {
  const detail::Taps y(atY), x(atX);
  const std::size_t nx = static_cast<std::size_t>(shape.x);
  const float* section = coefficients + z * shape.section();
  float sums[4] = {};
  if (y.within(shape.y) && x.within(shape.x)) {
    const float* row = section + y.first * nx + x.first;
    for (int j = 0; j < 4; ++j) {
      for (int i = 0; i < 4; ++i) sums[i] += y.weights[j] * row[j * nx + i];
    }
  } else {
    for (int j = 0; j < 4; ++j) {
      const float* row = section + detail::reflected(y.first + j, shape.y) * nx;
      for (int i = 0; i < 4; ++i) sums[i] += y.weights[j] * row[detail::reflected(x.first + i, shape.x)];
    }
  }
  return (sums[0] * x.weights[0] + sums[1] * x.weights[1]) + (sums[2] * x.weights[2] + sums[3] * x.weights[3]);
}

}  // namespace locscale::symmetry
