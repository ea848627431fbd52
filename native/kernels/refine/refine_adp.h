#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/model/atoms.h"

namespace locscale::refine {

struct Refinement {
  model::Atoms atoms;
  model::Box box;
  std::span<const float> map;            ///< the map, or the first half map
  std::span<const float> half2;          ///< the second half map; empty: `map` stands alone
  std::span<const float> mask;           ///< 0 to 1, multiplied to the maps; may be empty
  std::span<const std::uint8_t> pseudo;  ///< 1 for pseudo-atoms; may be empty
  double dMin = 0;                       ///< finest resolution used, angstrom
  double startB = 40;
  std::optional<double> lambda;  ///< weight of the restraints; none: chosen by half maps, or the default
};

/** What is minimised in a stage: a half map, with one restraint weight, or all data at the end. */
struct StageCycle {
  int stage = 0;
  bool final = false;  ///< against all data; else against the first half map, the second held back
  double lambda = 0;
  int evaluation = 0;
  double value = 0, fscWork = 0, fscFree = 0;
};

/** One weight of the restraints, tried on half maps: mean FSC with the half map refined against and with the other. */
struct Trial {
  double lambda = 0, fscWork = 0, fscFree = 0;
};

/** Curves over the shells of the last minimisation, against all data. */
struct ShellTable {
  std::vector<double> frequency;  ///< root mean square of each shell, per angstrom
  std::vector<double> count, fscBefore, fsc, scale, variance;
};

struct Refined {
  std::vector<float> b;               ///< of every atom
  std::vector<std::uint8_t> refined;  ///< 0: hydrogen, outside the box or without occupancy; has neighbours' mean
  double lambda = 0;
  std::vector<Trial> trials;                    ///< empty without half maps
  double fscFreeBefore = 0, fscWorkBefore = 0;  ///< with one B-factor for all atoms; NaN without half maps
  double fscBefore = 0, fsc = 0;                ///< with all data
  ShellTable shells;
  int evaluations = 0;
  std::size_t outside = 0, atLeast = 0, atMost = 0;
};

/** Weight of the restraints where no half maps choose it. */
inline constexpr double kDefaultLambda = 0.5;

/**
 * Refines isotropic B-factors with fixed positions against a map or half maps (adp-refinement.md). With half maps the
 * weight of the restraints is the least whose model, refined against the first, agrees nearly best with the second.
 * `report` is called after every step. Memory beyond the arguments: 16 bytes a voxel of the part of the box around the
 * model, and 24 of the grid that the resolution asks for.
 */
Refined refineAdp(const Refinement& input, int threads, const Control& control,
                  const std::function<void(const StageCycle&)>& report);

/** Most cycles that refineAdp reports. */
inline constexpr int kMostCycles = 256;

}  // namespace locscale::refine
