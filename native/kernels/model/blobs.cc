#include "kernels/model/blobs.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace locscale::model {

namespace {

/** A B-factor above this spreads an atom over more than 50 angstrom: no signal, only time. */
constexpr double kLargestB = 5000;

struct Profile {
  std::array<float, kGaussians> height, decay;
  float radius;
};

Profile profileOf(int element, double b, double occupancy, double cut) {
  const Scattering& factor = scattering(element);
  Profile profile;
  double peak = 0;
  std::array<double, kGaussians> heights, decays;
  for (int k = 0; k < kGaussians; ++k) {
    const double beta = factor.b[k] + b;
    const double narrow = 4 * std::numbers::pi / beta;
    heights[k] = factor.a[k] * narrow * std::sqrt(narrow);
    decays[k] = std::numbers::pi * narrow;
    peak += heights[k];
    profile.height[k] = static_cast<float>(occupancy * heights[k]);
    profile.decay[k] = static_cast<float>(decays[k]);
  }
  // Each Gaussian ends where it is a fifth of what may be cut, so their sum is below it.
  double square = 0;
  for (int k = 0; k < kGaussians; ++k) {
    square = std::max(square, std::log(kGaussians * std::abs(heights[k]) / (cut * peak)) / decays[k]);
  }
  profile.radius = static_cast<float>(std::sqrt(square));
  return profile;
}

}  // namespace

Blobs makeBlobs(const Atoms& atoms, const Box& box, const Copies& copies, double blur, double cut) {
  const auto edges = box.edges();
  Blobs blobs;
  blobs.list.reserve(atoms.size() * copies.count());
  for (std::size_t copy = 0; copy < copies.count(); ++copy) {
    for (std::size_t atom = 0; atom < atoms.size(); ++atom) {
      const auto position = placed(atoms, atom, copies, copy);
      Blob blob;
      bool inside = true;
      for (int i = 0; i < 3; ++i) {
        const double at = (position[i] - box.origin[i]) / box.voxelSize[i];
        inside = inside && at >= -0.5 && at < edges[i] - 0.5;
        if (!inside) break;
        const double nearest = std::floor(at + 0.5);
        blob.voxel[i] = static_cast<int>(nearest);
        blob.offset[i] = static_cast<float>((at - nearest) * box.voxelSize[i]);
      }
      if (!inside) {
        ++blobs.outside;
        continue;
      }
      const double occupancy = copies.weight * atoms.occupancies[atom];
      if (occupancy == 0) continue;
      const double b = std::min<double>(atoms.bFactors[atom], kLargestB) + blur;
      const Profile profile = profileOf(atoms.elements[atom], b, occupancy, cut);
      blob.height = profile.height;
      blob.decay = profile.decay;
      blob.radius = profile.radius;
      blobs.list.push_back(blob);
    }
  }
  return blobs;
}

}  // namespace locscale::model
