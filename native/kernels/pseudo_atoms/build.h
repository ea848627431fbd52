#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/pseudo_atoms/history.h"
#include "kernels/pseudo_atoms/point.h"
#include "kernels/shape.h"

namespace locscale::pseudo {

/** How atoms find their places. */
enum class Solver : int {
  kSettle = 0,         ///< down the energy of map and neighbours, until they rest
  kLocScaleSteps = 1,  ///< LocScale's gradient solver
  kKick = 2,           ///< apart, at random; the map is not looked at
  kLocScaleKick = 3,   ///< the same, and atoms may leave the mask
};

struct BuildInput {
  std::span<const float> map, mask;
  Shape shape;
  float threshold;  ///< of the mask
  std::size_t atoms;
  double distance;  ///< preferred smallest distance, voxels
  Solver solver;
  int iterations;
  std::uint32_t seed;
  int threads;
};

struct Built {
  std::vector<Point> atoms;
  std::vector<double> nearest;  ///< distance of each to its neighbour, voxels; infinity beyond three times `distance`
  Course course;
};

/** Places atoms in a mask and lets them find their places in a map. The same for any number of threads. */
Built build(const BuildInput& input, const Control& control);

}  // namespace locscale::pseudo
