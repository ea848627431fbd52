#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "kernels/model/atoms.h"

namespace locscale::refine {

/**
 * Shells of true frequency up to 1 / dMin on a grid's half spectrum, each at least 1 / L wide (L: longest edge of the
 * box) and holding so many coefficients that its variance means something. The coefficient at 0 belongs to none.
 */
class Shells {
 public:
  Shells(const model::Box& box, double dMin);

  std::size_t count() const noexcept { return counts_.size(); }
  /** Coefficients of each shell, Friedel mates counted once. */
  const std::vector<double>& counts() const noexcept { return counts_; }
  /** Mean square frequency of each shell, per square angstrom. */
  const std::vector<double>& meanSquares() const noexcept { return meanSquares_; }
  /** Square frequency of each index along x; those of y and z follow signed indices. */
  const std::vector<double>& squaresX() const noexcept { return x_; }
  double squareOfRow(int z, int y) const noexcept { return z_[z] + y_[y]; }

  /** Calls body(shell, begin, end) for the runs [begin, end) of coefficients along x of one row, in order. */
  template <typename Body>
  void forRuns(int z, int y, const Body& body) const {
    const double row = squareOfRow(z, y);
    if (row >= edges_.back()) return;
    int x = row > 0 ? 0 : 1;
    std::size_t shell = 0;
    const int end = static_cast<int>(x_.size());
    while (x < end) {
      const double square = row + x_[x];
      if (square >= edges_.back()) return;
      while (square >= edges_[shell + 1]) ++shell;
      const int begin = x;
      while (x < end && row + x_[x] < edges_[shell + 1]) ++x;
      body(shell, begin, x);
    }
  }

  /** Mates in the plane x = 0 are both stored: each counts half there. */
  static double weight(int x) noexcept { return x == 0 ? 0.5 : 1; }

 private:
  std::vector<double> x_, y_, z_;  ///< square frequencies of the indices
  std::vector<double> edges_;      ///< square frequencies between the shells, count() + 1
  std::vector<double> counts_, meanSquares_;
};

}  // namespace locscale::refine
