#pragma once

#include <functional>
#include <vector>

#include "kernels/refine/restraints.h"
#include "kernels/refine/target.h"

namespace locscale::refine {

/** Least and largest B-factor, square angstrom. */
inline constexpr double kLeastB = 2, kLargestB = 800;

/** One accepted step. */
struct Cycle {
  int evaluation = 0;  ///< functions evaluated so far in this minimisation
  double value = 0;    ///< T + lambda R; comparable between cycles of one block only
  double fscWork = 0;
  double fscFree = 0;  ///< of the half map held back; NaN without one
};

struct Minimised {
  std::vector<ShellSums> before, after;
  ShellModel model;
  int evaluations = 0;
};

/**
 * Lowers T + lambda R by L-BFGS on u = ln B, from `u` on, with at most `most` evaluations of the function. Scales and
 * variances of the shells are held for ten steps, then estimated anew; it ends when such a block moves B-factors by
 * less than 1 % (root mean square). The level of all B-factors is free, because the shells' scales follow it: where a
 * sharpened map drives many to the lower bound, all are lifted.
 */
Minimised minimise(Target& target, const Restraints& restraints, Observed& observed, double lambda,
                   std::vector<double>& u, int most, const std::function<void(const Cycle&)>& report);

/** exp(u) as the kernels of the density want it. */
std::vector<float> bFactors(const std::vector<double>& u);

}  // namespace locscale::refine
