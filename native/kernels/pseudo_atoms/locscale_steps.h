#pragma once

#include <span>

#include "kernels/control.h"
#include "kernels/pseudo_atoms/history.h"
#include "kernels/pseudo_atoms/region.h"

namespace locscale::pseudo {

/** What LocScale's stepping works on. */
struct LocScaleSteps {
  std::span<const float> map, mask;
  const Region& region;
  double distance;  ///< voxels
  int iterations, threads;
};

/**
 * The gradient solver of LocScale 2.3.1 step by step: forces at the nearest voxel, both capped at 100, a map weight
 * rounded to a whole number, damped Verlet steps of 0.1, so many of them. Atoms go where they like, and do not come to
 * rest. It differs in two things that are defects there: x is clipped by the box's own length, not by that of z, and
 * atoms in one place do not end the run.
 */
Course locscaleSteps(const LocScaleSteps& task, std::vector<Point>& atoms, const Control& control);

}  // namespace locscale::pseudo
