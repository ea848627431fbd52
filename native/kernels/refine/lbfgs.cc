#include "kernels/refine/lbfgs.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace locscale::refine {

namespace {

/** a += factor b. */
void addTimes(std::vector<double>& a, double factor, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
}

}  // namespace

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void Lbfgs::learn(std::vector<double> step, std::vector<double> change) {
  const double product = dot(step, change);
  if (!(product > 1e-10 * std::sqrt(dot(step, step) * dot(change, change)))) return;
  history_.push_back({std::move(step), std::move(change), product});
  if (history_.size() > memory_) history_.pop_front();
}

std::vector<double> Lbfgs::direction(std::span<const double> gradient, std::span<const double> diagonal) const {
  // The two loops of Nocedal & Wright, Numerical Optimization, algorithm 7.4.
  std::vector<double> result(gradient.begin(), gradient.end()), factors(history_.size());
  for (std::size_t i = history_.size(); i-- > 0;) {
    factors[i] = dot(history_[i].step, result) / history_[i].product;
    addTimes(result, -factors[i], history_[i].change);
  }
  for (std::size_t i = 0; i < result.size(); ++i) result[i] /= diagonal[i];
  for (std::size_t i = 0; i < history_.size(); ++i) {
    const auto& [step, change, product] = history_[i];
    addTimes(result, factors[i] - dot(change, result) / product, step);
  }
  for (double& value : result) value = -value;
  return result;
}

}  // namespace locscale::refine
