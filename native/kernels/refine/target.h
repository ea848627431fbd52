#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/model/atoms.h"
#include "kernels/refine/shells.h"
#include "kernels/refine/work_grid.h"

namespace locscale::refine {

/** Sums over one shell, Friedel mates once: products of observed and calculated coefficients. */
struct ShellSums {
  double cross = 0;      ///< Re Fo conj Fc
  double power = 0;      ///< |Fc|^2
  double freeCross = 0;  ///< Re F conj Fc with the half map that is not refined against
};

/** Scale D and variance S of each shell. */
struct ShellModel {
  std::vector<double> scale, variance;
};

/** What is refined against, and what is not. */
struct Observed {
  Coefficients work, free;               ///< `free` is empty when nothing is held back
  std::vector<double> power, freePower;  ///< sums of |F|^2 of each shell

  bool hasFree() noexcept { return !freePower.empty(); }
};

/**
 * T = 1/2 sum over coefficients of |Fo - D Fc|^2 / S, up to a resolution, each Friedel pair once, as a function of the
 * B-factors; D and S belong to the shell (adp-refinement.md 3). Fc is the transform of the density on the grid, with
 * the blur that it was drawn with taken away.
 */
class Target {
 public:
  /** `atoms` lie all in the box and have occupancies above 0; their B-factors are not looked at. */
  Target(const model::Atoms& atoms, const model::Box& box, double dMin, int threads, const Control& control);

  const Shells& shells() const noexcept { return shells_; }

  /** What of an observation counts here, scaled together so that the mean |work|^2 is 1. */
  Observed prepared(Coefficients work, Coefficients free) const;

  /** Draws the atoms with these B-factors. */
  std::vector<ShellSums> sums(Observed& observed, std::span<const float> b);

  /** The same, and dT/dB for the given D and S. */
  std::vector<ShellSums> sumsAndSlopes(Observed& observed, std::span<const float> b, const ShellModel& model,
                                       std::span<double> slopes);

  /** Diagonal of T's second derivatives by B, from the shells alone: no transform (adp-refinement.md 4). */
  std::vector<double> curvature(std::span<const float> b, const ShellModel& model) const;

  /** Units of progress of sumsAndSlopes. */
  std::int32_t units() const noexcept;

 private:
  template <typename Row>
  std::vector<ShellSums> pass(Observed& observed, double blur, const Row& row);

  model::Atoms atoms_;
  model::Box box_;
  Shells shells_;
  double sampledB_;
  int threads_;
  Control control_;
  fft::AlignedArray<float> density_;
  Coefficients spectrum_;
};

/** D = max(0, sum Re Fo conj Fc / sum |Fc|^2), S = mean |Fo - D Fc|^2. */
ShellModel estimate(const Shells& shells, std::span<const ShellSums> sums, std::span<const double> power);

/** T from the sums. */
double valueOf(const ShellModel& model, std::span<const ShellSums> sums, std::span<const double> power);

/** FSC of each shell with the map refined against, or with the one held back. */
std::vector<double> workFsc(std::span<const ShellSums> sums, std::span<const double> power);
std::vector<double> freeFsc(std::span<const ShellSums> sums, std::span<const double> power);

/** Mean of a curve over all coefficients. */
double average(const Shells& shells, std::span<const double> curve);

}  // namespace locscale::refine
