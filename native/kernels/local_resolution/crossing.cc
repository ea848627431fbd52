#include "kernels/local_resolution/crossing.h"

namespace locscale::local {

double CrossingRule::find(std::span<const float> fsc, int first) const {
  if (fsc[first] < threshold) return angstromAt(first);
  const int shells = static_cast<int>(fsc.size());
  for (int r = first + 1; r < shells; r++) {
    if (fsc[r] >= threshold) continue;
    const double before = fsc[r - 1];
    return angstromAt(r - 1 + (before - threshold) / (before - fsc[r]));
  }
  return finest();
}

}  // namespace locscale::local
