#pragma once

#include <deque>
#include <span>
#include <vector>

namespace locscale::refine {

/** Limited-memory BFGS: turns gradients into steps, with a diagonal as the first guess of the second derivatives. */
class Lbfgs {
 public:
  explicit Lbfgs(std::size_t memory) : memory_(memory) {}

  void clear() { history_.clear(); }
  /** Learns from a step and the change of gradient along it; one without curvature teaches nothing. */
  void learn(std::vector<double> step, std::vector<double> change);
  /** -H^-1 gradient. */
  std::vector<double> direction(std::span<const double> gradient, std::span<const double> diagonal) const;

 private:
  struct Pair {
    std::vector<double> step, change;
    double product;  ///< step . change, above 0
  };
  std::size_t memory_;
  std::deque<Pair> history_;
};

double dot(std::span<const double> a, std::span<const double> b);

}  // namespace locscale::refine
