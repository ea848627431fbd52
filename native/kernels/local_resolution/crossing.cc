#include "kernels/local_resolution/crossing.h"

#include <algorithm>

namespace locscale::local {

void smoothShells(std::span<const float> fsc, int first, std::span<float> smooth) {
  const int last = static_cast<int>(fsc.size()) - 1;
  for (int r = first; r <= last; r++) {
    const float before = fsc[std::max(r - 1, first)], after = fsc[std::min(r + 1, last)];
    smooth[r] = 0.5f * fsc[r] + 0.25f * (before + after);
  }
}

Crossing CrossingRule::find(std::span<const float> fsc, int first, double& angstrom) const {
  const int shells = static_cast<int>(fsc.size());
  if (fsc[first] < threshold) {
    angstrom = angstromAt(first);
    return Crossing::kAtOnce;
  }
  for (int r = first + 1; r < shells; r++) {
    if (fsc[r] >= threshold) continue;
    const double before = fsc[r - 1];
    angstrom = angstromAt(r - 1 + (before - threshold) / (before - fsc[r]));
    return Crossing::kFound;
  }
  angstrom = angstromAt(shells - 0.5);  // shell h - 1/2 is the Nyquist frequency: two voxels
  return Crossing::kNever;
}

}  // namespace locscale::local
