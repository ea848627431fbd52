// Where a windowed FSC crosses the threshold.
#pragma once

#include <cstddef>
#include <span>

namespace locscale::local {

/** First shell that is looked at: the window's mean leaks into shells 0 and 1 through the taper, and into no other. */
constexpr int kFirstShell = 2;

enum class Crossing { kFound, kNever, kAtOnce };

struct CrossingRule {
  double threshold = 0;
  double cellEdge = 0;  ///< window times voxel size, angstrom

  /** Resolution at a position on the axis of shells: shell r stands for (r + 1/2) / (w a). */
  double angstromAt(double shell) const { return cellEdge / (shell + 0.5); }

  /** First fall below the threshold from shell `first` on; `angstrom` is set in every case. */
  Crossing find(std::span<const float> fsc, int first, double& angstrom) const;
};

/** fsc(r) for r >= first averaged over neighbouring shells: 1/4, 1/2, 1/4; at the ends with what is there. */
void smoothShells(std::span<const float> fsc, int first, std::span<float> smooth);

}  // namespace locscale::local
