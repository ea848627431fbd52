#include "kernels/mask/noise.h"

#include <array>
#include <cstddef>

namespace locscale::mask {

namespace {

template <typename Real>
Real pairwiseSum(std::span<const Real> values) {
  const std::size_t n = values.size();
  if (n < 8) {
    Real sum = 0;
    for (const Real value : values) sum += value;
    return sum;
  }
  if (n > 128) {
    const std::size_t half = n / 2 - n / 2 % 8;
    return pairwiseSum(values.first(half)) + pairwiseSum(values.subspan(half));
  }
  std::array<Real, 8> sums;
  std::size_t i = 0;
  for (; i < 8; ++i) sums[i] = values[i];
  for (; i < n - n % 8; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) sums[k] += values[i + k];
  }
  Real sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < n; ++i) sum += values[i];
  return sum;
}

}  // namespace

template <typename Voxel>
Noise measureNoise(std::span<const Voxel> map, const Shape& shape, const std::vector<NoiseBox>& boxes) {
  std::vector<Voxel> sample;
  for (const NoiseBox& box : boxes) {
    for (int z = box.z; z < box.z + box.edge; ++z) {
      for (int y = box.y; y < box.y + box.edge; ++y) {
        const auto row = map.subspan((static_cast<std::size_t>(z) * shape.y + y) * shape.x + box.x, box.edge);
        sample.insert(sample.end(), row.begin(), row.end());
      }
    }
  }
  const Voxel count = static_cast<Voxel>(sample.size());
  const Voxel mean = pairwiseSum<Voxel>(sample) / count;
  for (Voxel& value : sample) value = (value - mean) * (value - mean);
  return {mean, pairwiseSum<Voxel>(sample) / count};
}

template Noise measureNoise<float>(std::span<const float>, const Shape&, const std::vector<NoiseBox>&);
template Noise measureNoise<double>(std::span<const double>, const Shape&, const std::vector<NoiseBox>&);

}  // namespace locscale::mask
