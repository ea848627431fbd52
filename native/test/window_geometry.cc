#include "test/window_geometry.h"

namespace locscale::oracle {

WindowGeometry::WindowGeometry(int window, Profile profile)
    : w(window),
      h(window / 2),
      voxels(static_cast<std::size_t>(w) * w * w),
      coefficients(static_cast<std::size_t>(w) * w * (h + 1)),
      binCount(h + 1) {
  bin.reserve(coefficients);
  share.reserve(coefficients);
  radius2.reserve(coefficients);
  centreWeight.reserve(coefficients);
  for (int z = 0; z < w; ++z) {
    for (int y = 0; y < w; ++y) {
      for (int x = 0; x <= h; ++x) {
        const int kz = signedIndex(z, w), ky = signedIndex(y, w);
        const bool octant = profile == Profile::kOctant;
        const int square = octant ? z * z + y * y + x * x : kz * kz + ky * ky + x * x;
        const int radius = static_cast<int>(std::sqrt(static_cast<double>(square)));
        bin.push_back(radius <= h ? radius : -1);
        share.push_back(octant || x == 0 || x == h ? 1 : 2);
        if (radius <= h) binCount[radius] += share.back();
        radius2.push_back(kz * kz + ky * ky + x * x);
        centreWeight.push_back(((z + y + x) % 2 == 0 ? 1 : -1) * (x == 0 || x == h ? 1 : 2));
      }
    }
  }
}

}  // namespace locscale::oracle
