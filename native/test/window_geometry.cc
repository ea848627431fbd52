#include "test/window_geometry.h"

namespace locscale::oracle {

WindowGeometry::WindowGeometry(int window)
    : w(window),
      h(window / 2),
      voxels(static_cast<std::size_t>(w) * w * w),
      coefficients(static_cast<std::size_t>(w) * w * (h + 1)),
      octantCount(h + 1) {
  octantBin.reserve(coefficients);
  radius2.reserve(coefficients);
  centreWeight.reserve(coefficients);
  for (int z = 0; z < w; ++z) {
    for (int y = 0; y < w; ++y) {
      for (int x = 0; x <= h; ++x) {
        const int bin = static_cast<int>(std::sqrt(static_cast<double>(z * z + y * y + x * x)));
        octantBin.push_back(bin <= h ? bin : -1);
        if (bin <= h) ++octantCount[bin];
        const int kz = signedIndex(z, w), ky = signedIndex(y, w);
        radius2.push_back(kz * kz + ky * ky + x * x);
        centreWeight.push_back(((z + y + x) % 2 == 0 ? 1 : -1) * (x == 0 || x == h ? 1 : 2));
      }
    }
  }
}

}  // namespace locscale::oracle
