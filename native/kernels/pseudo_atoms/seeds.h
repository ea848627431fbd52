#pragma once

#include <vector>

#include "kernels/control.h"
#include "kernels/pseudo_atoms/random.h"
#include "kernels/pseudo_atoms/region.h"

namespace locscale::pseudo {

/** LocScale's start: so many different voxels of the region, each atom anywhere in its own. */
std::vector<Point> inDifferentVoxels(const Region& region, std::size_t count, Random& random);

/** Atoms anywhere in the region, none nearer to another than `distance` (voxels). */
std::vector<Point> spaced(const Region& region, std::size_t count, double distance, Random& random,
                          const Control& control);

/** Puts atoms in order of place, so that neighbours lie near each other in memory too. */
void orderByPlace(std::vector<Point>& atoms);

}  // namespace locscale::pseudo
