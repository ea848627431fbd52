#pragma once

#include <vector>

#include "kernels/refine/target.h"

namespace locscale::refine {

/**
 * The one B-factor for all atoms with which the model falls off as the map does beyond 12 angstrom: straight lines
 * through ln(sum Re Fo conj Fc / sum |Fc|^2) against s^2, weighted by what the shells say (adp-refinement.md 3). Kept
 * within 20 to 400: a map that was sharpened says nothing of the level.
 */
double overallB(Target& target, Observed& observed, const std::vector<float>& start);

}  // namespace locscale::refine
