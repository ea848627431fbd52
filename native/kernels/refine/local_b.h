#pragma once

#include <span>
#include <vector>

#include "kernels/control.h"

namespace locscale::refine {

/** Mean B-factor of all atoms within `radius` angstrom of each atom, itself included (models.md 7.2). */
std::vector<float> averageB(std::span<const double> positions, std::span<const float> b, double radius, int threads,
                            const Control& control);

/**
 * What LocScale takes from all B-factors: the smoothed 1 % quantile, from a Gaussian kernel density of Silverman's
 * width, its distribution read linearly between 1,000 points (models.md 8). At least 0.
 */
double shiftOf(std::span<const float> b);

}  // namespace locscale::refine
