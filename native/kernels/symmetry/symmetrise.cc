#include <algorithm>
#include <cmath>

#include "kernels/symmetry/symmetry.h"
#include "kernels/threads.h"

namespace locscale::symmetry {

namespace {

/** Whether every voxel goes to a voxel (rotations by 0, 90 and 180 degrees about a voxel or a corner). */
bool takesVoxelsToVoxels(const Operator& op) {
  for (const auto& row : op.rows) {
    for (const double number : row) {
      if (std::abs(number - std::round(number)) > 1e-9) return false;
    }
  }
  return true;
}

/** Whether every section goes to a section, as under Cn and Dn: then two dimensions of the spline are enough. */
bool takesSectionsToSections(const Operator& op) {
  const auto& [z, y, x, shift] = op.rows[0];
  const auto whole = [](double number) { return std::abs(number - std::round(number)) < 1e-9; };
  return std::abs(y) < 1e-12 && std::abs(x) < 1e-12 && whole(z) && whole(shift);
}

std::size_t nearest(double at) { return static_cast<std::size_t>(at + 0.5); }

/** How an operator reads the map. */
enum class Reading { voxel, section, space };

}  // namespace

std::vector<Operator> unpackOperators(std::span<const double> numbers) {
  std::vector<Operator> operators(numbers.size() / 12);
  for (std::size_t i = 0; i < numbers.size(); ++i) operators[i / 12].rows[i % 12 / 4][i % 4] = numbers[i];
  return operators;
}

void symmetrise(std::span<const float> map, const Shape& shape, std::span<const Operator> operators,
                std::span<float> averaged, int threads, const Control& control) {
  const bool sections = std::all_of(operators.begin(), operators.end(), takesSectionsToSections);
  std::vector<Reading> readings;
  for (const auto& op : operators) {
    readings.push_back(takesVoxelsToVoxels(op) ? Reading::voxel : sections ? Reading::section : Reading::space);
  }
  const bool interpolates =
      std::any_of(readings.begin(), readings.end(), [](Reading r) { return r != Reading::voxel; });

  control.setTotal((interpolates ? shape.z + shape.y : 0) + shape.z * 8);
  std::vector<float> coefficients;
  if (interpolates) {
    coefficients.assign(map.begin(), map.end());
    splineCoefficients(coefficients, shape, !sections, threads, control);
  }
  const auto valueAt = [&](Reading reading, const Position& p) -> float {
    switch (reading) {
      case Reading::voxel:
        return map[(nearest(p[0]) * shape.y + nearest(p[1])) * shape.x + nearest(p[2])];
      case Reading::section:
        return sectionValue(coefficients.data(), shape, nearest(p[0]), p[1], p[2]);
      case Reading::space:
        return splineValue(coefficients.data(), shape, p);
    }
    return 0;
  };
  parallelFor(static_cast<std::size_t>(shape.z), static_cast<std::size_t>(threads), [&](std::size_t z, std::size_t) {
    std::vector<double> sums(static_cast<std::size_t>(shape.x));
    std::vector<int> inside(static_cast<std::size_t>(shape.x));
    for (int y = 0; y < shape.y; ++y) {
      control.throwIfCancelled();
      std::fill(sums.begin(), sums.end(), 0);
      std::fill(inside.begin(), inside.end(), 0);
      for (std::size_t o = 0; o < operators.size(); ++o) {
        const Operator op = operators[o];
        const Reading reading = readings[o];
        for (int x = 0; x < shape.x; ++x) {
          const Position p = op.apply(static_cast<double>(z), y, x);
          if (!isInside(p, shape)) continue;
          sums[x] += valueAt(reading, p);
          ++inside[x];
        }
      }
      float* row = averaged.data() + z * shape.section() + static_cast<std::size_t>(y) * shape.x;
      for (int x = 0; x < shape.x; ++x) row[x] = static_cast<float>(sums[x] / inside[x]);
    }
    control.advance(8);
  });
}

}  // namespace locscale::symmetry
