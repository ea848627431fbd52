#include "kernels/audit/window_geometry.h"

namespace locscale::audit {

WindowGeometry::WindowGeometry(int window, ProfileKind profile)
    : w(window),
      h(window / 2),
      voxels(static_cast<std::size_t>(w) * w * w),
      coefficients(static_cast<std::size_t>(w) * w * (h + 1)),
      profileCount(h + 1) {
  for (auto* table : {&profileBin, &profileWeight, &radius2, &centreWeight}) table->reserve(coefficients);
  for (int z = 0; z < w; ++z) {
    for (int y = 0; y < w; ++y) {
      for (int x = 0; x <= h; ++x) {
        const int kz = signedIndex(z, w), ky = signedIndex(y, w);
        const int stored2 = z * z + y * y + x * x, signed2 = kz * kz + ky * ky + x * x;
        // The planes x = 0 and x = h hold both members of their conjugate pairs.
        const int pair = x == 0 || x == h ? 1 : 2;
        const int bin = static_cast<int>(std::sqrt(profile == ProfileKind::kOctant ? stored2 : signed2));
        profileBin.push_back(bin <= h ? bin : -1);
        profileWeight.push_back(profile == ProfileKind::kOctant ? 1 : pair);
        if (bin <= h) profileCount[bin] += profileWeight.back();
        radius2.push_back(signed2);
        centreWeight.push_back((z + y + x) % 2 == 0 ? pair : -pair);
      }
    }
  }
}

}  // namespace locscale::audit
