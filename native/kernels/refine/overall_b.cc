#include "kernels/refine/overall_b.h"

#include <algorithm>
#include <cmath>

namespace locscale::refine {

namespace {

constexpr double kLowest = 20, kHighest = 400;
/** Below this frequency the solvent's contrast shapes the curve, not the atoms. */
constexpr double kFirstSquare = 1 / (12.0 * 12.0);

/** Slope of the weighted line; 0 when fewer than two shells say anything. */
double slope(const Shells& shells, const std::vector<ShellSums>& sums, const std::vector<double>& power) {
  const auto curve = workFsc(sums, power);
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double x = shells.meanSquares()[i];
    if (x < kFirstSquare || !(sums[i].cross > 0) || !(sums[i].power > 0)) continue;
    const double fsc = std::min(curve[i], 0.999);
    // Variance of the logarithm: (1 - FSC^2) / (n FSC^2).
    const double weight = shells.counts()[i] * fsc * fsc / (1 - fsc * fsc);
    const double y = std::log(sums[i].cross / sums[i].power);
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const double spread = w * wxx - wx * wx;
  return spread > 1e-12 * w * wxx ? (w * wxy - wx * wy) / spread : 0;
}

}  // namespace

double overallB(Target& target, Observed& observed, const std::vector<float>& start) {
  double b = start.front();
  for (int pass = 0; pass < 2; ++pass) {
    const auto sums = target.sums(observed, std::vector<float>(start.size(), static_cast<float>(b)));
    b = std::clamp(b - 4 * slope(target.shells(), sums, observed.power), kLowest, kHighest);
  }
  return b;
}

}  // namespace locscale::refine
