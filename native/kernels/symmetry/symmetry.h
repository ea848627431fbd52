#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"
#include "kernels/symmetry/spline.h"

namespace locscale::symmetry {

/** Takes voxel positions to voxel positions: rows (z, y, x) of [matrix | translation], twelve numbers. */
struct Operator {
  std::array<std::array<double, 4>, 3> rows;

  Position apply(double z, double y, double x) const noexcept {
    Position p;
    for (int i = 0; i < 3; ++i) p[i] = rows[i][0] * z + rows[i][1] * y + rows[i][2] * x + rows[i][3];
    return p;
  }
};

std::vector<Operator> unpackOperators(std::span<const double> numbers);

/**
 * Mean over the operators of the map at the operators' images of each voxel. Images outside the box are left out of sum
 * and number, so that corners keep their level. Operators that take voxels to voxels copy; the others interpolate by
 * a cubic B-spline. `averaged` must not be `map`. Needs one more array of the map's size.
 */
void symmetrise(std::span<const float> map, const Shape& shape, std::span<const Operator> operators,
                std::span<float> averaged, int threads, const Control& control);

struct Correlation {
  /** Pearson's coefficient of map and turned map; 0 where one of them does not vary or nothing overlaps. */
  double value = 0;
  /** Voxels of the list whose image lies inside the box. */
  std::size_t voxels = 0;
};

/** Correlation of a map with itself under each operator, over the listed voxels. The same for any number of threads. */
std::vector<Correlation> correlate(std::span<const float> map, std::span<const float> coefficients, const Shape& shape,
                                   std::span<const std::uint32_t> voxels, std::span<const Operator> operators,
                                   int threads, const Control& control);

}  // namespace locscale::symmetry
