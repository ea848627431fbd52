#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/model/atoms.h"

namespace locscale::refine {

/**
 * Keeps B-factors of neighbours alike: R = 1/2 sum over pairs of w (u_i - u_j)^2, u = ln B, over all pairs within
 * 4 angstrom; w = sigma^-2 / max(1, d^2 / 4) with sigma 0.10 (d < 1.9), 0.15 (d < 2.7), else 0.5. Needs no bonds, so
 * ligands and pseudo-atoms are treated alike (adp-refinement.md 5). With a trend (`follow`) it is (u_i - u_j - t_i +
 * t_j)^2.
 */
class Restraints {
 public:
  /** `pseudo`: 1 for pseudo-atoms, whose pairs count six times; or empty. */
  Restraints(const model::Atoms& atoms, std::span<const std::uint8_t> pseudo);

  /** Holds neighbours to the difference that this field has between them; without it, to none. */
  void follow(std::span<const double> trend);

  /** Adds lambda dR/du to the gradient and returns lambda R. */
  double add(std::span<const double> u, double lambda, std::span<double> gradient) const;

  /** Sum of w over the pairs of each atom: the diagonal of R's second derivatives. */
  const std::vector<double>& diagonal() const noexcept { return diagonal_; }

  std::size_t pairs() const noexcept { return pairs_.size(); }

 private:
  struct Pair {
    std::uint32_t i, j;
    float weight;
    float difference = 0;  ///< of the trend, u_i - u_j
  };
  std::vector<Pair> pairs_;
  std::vector<double> diagonal_;
};

}  // namespace locscale::refine
