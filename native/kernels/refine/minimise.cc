#include "kernels/refine/minimise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/refine/lbfgs.h"

namespace locscale::refine {

namespace {

constexpr std::size_t kMemory = 12;
/** Steps of the first block; each later one may be twice as long, for the shells change less and less. */
constexpr int kFirstSteps = 10, kMostSteps = 40;
constexpr double kLongestStep = 0.7, kBacktrack = 0.4, kSufficient = 1e-4;
constexpr int kMostBacktracks = 4;
/** A relative fall of the function below this, twice in turn, ends a block; so small a change of B ends it all. */
constexpr double kSmallFall = 1e-5, kSmallMove = 0.01;
/** The level is lifted by 20 square angstrom when 1 % of the atoms have come below 5. */
constexpr double kLowB = 5, kLowShare = 0.01, kLift = 20;

/** The function and its gradient at one place. */
struct Point {
  std::vector<double> u, gradient;
  std::vector<ShellSums> sums;
  double value = 0;
};

class Problem {
 public:
  Problem(Target& target, const Restraints& restraints, Observed& observed, double lambda)
      : target_(target), restraints_(restraints), observed_(observed), lambda_(lambda) {}

  Point at(std::vector<double> u, const ShellModel& model) const {
    Point point;
    point.u = std::move(u);
    const auto b = bFactors(point.u);
    std::vector<double> slopes(b.size());
    point.sums = target_.sumsAndSlopes(observed_, b, model, slopes);
    point.gradient.resize(b.size());
    for (std::size_t i = 0; i < b.size(); ++i) point.gradient[i] = slopes[i] * b[i];
    point.value = valueOf(model, point.sums, observed_.power) + restraints_.add(point.u, lambda_, point.gradient);
    return point;
  }

  /** Second derivatives by u, the diagonal. */
  std::vector<double> diagonal(const std::vector<double>& u, const ShellModel& model) const {
    const auto b = bFactors(u);
    auto diagonal = target_.curvature(b, model);
    for (std::size_t i = 0; i < b.size(); ++i) {
      diagonal[i] = std::max(diagonal[i] * b[i] * b[i] + lambda_ * restraints_.diagonal()[i], 1e-6);
    }
    return diagonal;
  }

 private:
  Target& target_;
  const Restraints& restraints_;
  Observed& observed_;
  double lambda_;
};

/** Gradient without what would push an atom beyond the bound that it lies on. */
std::vector<double> inward(const Point& point) {
  std::vector<double> gradient = point.gradient;
  const double least = std::log(kLeastB), most = std::log(kLargestB);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    if ((point.u[i] <= least && gradient[i] > 0) || (point.u[i] >= most && gradient[i] < 0)) gradient[i] = 0;
  }
  return gradient;
}

std::vector<double> moved(const std::vector<double>& u, const std::vector<double>& direction, double step) {
  std::vector<double> next(u.size());
  for (std::size_t i = 0; i < u.size(); ++i) {
    next[i] = std::clamp(u[i] + step * direction[i], std::log(kLeastB), std::log(kLargestB));
  }
  return next;
}

std::vector<double> minus(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> difference(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return difference;
}

/** Adds to all B-factors where too many are low, and lets the sums follow; returns whether it did. */
bool lift(std::vector<double>& u, std::vector<ShellSums>& sums, const Shells& shells) {
  const auto low = std::count_if(u.begin(), u.end(), [](double value) { return value < std::log(kLowB); });
  if (static_cast<double>(low) <= kLowShare * static_cast<double>(u.size())) return false;
  for (double& value : u) value = std::min(std::log(std::exp(value) + kLift), std::log(kLargestB));
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double fall = std::exp(-kLift * shells.meanSquares()[i] / 4);
    sums[i].cross *= fall;
    sums[i].freeCross *= fall;
    sums[i].power *= fall * fall;
  }
  return true;
}

}  // namespace

std::vector<float> bFactors(const std::vector<double>& u) {
  std::vector<float> b(u.size());
  std::transform(u.begin(), u.end(), b.begin(), [](double value) { return static_cast<float>(std::exp(value)); });
  return b;
}

Minimised minimise(Target& target, const Restraints& restraints, Observed& observed, double lambda,
                   std::vector<double>& u, int most, const std::function<void(const Cycle&)>& report) {
  const Problem problem(target, restraints, observed, lambda);
  const Shells& shells = target.shells();
  Minimised result;
  const auto tell = [&](double value, const std::vector<ShellSums>& sums) {
    const double free = observed.hasFree() ? average(shells, freeFsc(sums, observed.freePower))
                                           : std::numeric_limits<double>::quiet_NaN();
    report({result.evaluations, value, average(shells, workFsc(sums, observed.power)), free});
  };
  result.after = result.before = target.sums(observed, bFactors(u));
  result.evaluations = 1;
  bool begun = false;
  int steps = kFirstSteps;
  while (result.evaluations < most) {
    const bool lifted = lift(u, result.after, shells);
    result.model = estimate(shells, result.after, observed.power);
    const auto diagonal = problem.diagonal(u, result.model);
    Point here = problem.at(u, result.model);
    ++result.evaluations;
    if (!begun) tell(here.value, here.sums);
    begun = true;
    Lbfgs memory(kMemory);
    int small = 0;
    for (int i = 0; i < steps && small < 2 && result.evaluations < most; ++i) {
      const auto gradient = inward(here);
      auto direction = memory.direction(gradient, diagonal);
      for (double& value : direction) value = std::clamp(value, -kLongestStep, kLongestStep);
      Point next;
      bool better = false;
      double step = 1;
      for (int k = 0; k <= kMostBacktracks && !better && result.evaluations < most; ++k, step *= kBacktrack) {
        next = problem.at(moved(here.u, direction, step), result.model);
        ++result.evaluations;
        const double expected = dot(gradient, minus(next.u, here.u));
        better = next.value <= here.value + kSufficient * std::min(expected, 0.0) && next.value < here.value;
      }
      if (!better) break;
      small = here.value - next.value < kSmallFall * std::abs(here.value) ? small + 1 : 0;
      memory.learn(minus(next.u, here.u), minus(next.gradient, here.gradient));
      here = std::move(next);
      tell(here.value, here.sums);
    }
    steps = std::min(2 * steps, kMostSteps);
    const auto change = minus(here.u, u);
    u = here.u;
    result.after = here.sums;
    const double move = std::sqrt(dot(change, change) / static_cast<double>(std::max<std::size_t>(u.size(), 1)));
    if (move < kSmallMove && !lifted) break;
  }
  return result;
}

}  // namespace locscale::refine
