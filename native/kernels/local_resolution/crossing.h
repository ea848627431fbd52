// Where a windowed FSC crosses the threshold.
#pragma once

#include <span>

namespace locscale::local {

/** First shell that is looked at: the window's mean leaks into shells 0 and 1 through the taper, and into no other. */
constexpr int kFirstShell = 2;

struct CrossingRule {
  double threshold = 0;
  double voxelSize = 0;  ///< angstrom
  int window = 0;        ///< voxels

  /** Resolution at a position on the axis of shells: shell r stands for (r + 1/2) / (w a). */
  double angstromAt(double shell) const { return window * voxelSize / (shell + 0.5); }
  /** What a curve gets that never falls below the threshold: the Nyquist limit. */
  double finest() const { return 2 * voxelSize; }
  /** What a curve gets that is below the threshold from the first shell on. */
  double coarsest() const { return angstromAt(kFirstShell); }

  /** Where the curve first falls below the threshold from shell `first` on; between `finest` and `coarsest`. */
  double find(std::span<const float> fsc, int first) const;
};

}  // namespace locscale::local
