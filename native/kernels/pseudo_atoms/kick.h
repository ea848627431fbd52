#pragma once

#include "kernels/control.h"
#include "kernels/pseudo_atoms/history.h"
#include "kernels/pseudo_atoms/random.h"
#include "kernels/pseudo_atoms/region.h"

namespace locscale::pseudo {

/** What the kick solver works on; the map only for what is reported of it. */
struct Kicks {
  std::span<const float> map;
  const Region& region;
  double distance;  ///< voxels
  int iterations, threads;
  /** LocScale lets kicked atoms leave the mask; otherwise a kick that would is not carried out. */
  bool mayLeave;
};

/**
 * For maps too poor to follow: moves every atom with a neighbour within the distance by up to a voxel along each axis,
 * at random, until for three iterations there was none.
 */
Course kick(const Kicks& task, std::vector<Point>& atoms, Random& random, const Control& control);

}  // namespace locscale::pseudo
