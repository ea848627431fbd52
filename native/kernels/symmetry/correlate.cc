#include <algorithm>
#include <cmath>

#include "kernels/symmetry/symmetry.h"
#include "kernels/threads.h"

namespace locscale::symmetry {

namespace {

constexpr std::size_t kBlock = 4096;  // voxels of one sum; sums are added in order, whichever thread made them

struct Sums {
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  std::size_t voxels = 0;
};

Correlation finish(const Sums& s) {
  if (s.voxels == 0) return {};
  const double n = static_cast<double>(s.voxels);
  const double spread = (s.aa - s.a * s.a / n) * (s.bb - s.b * s.b / n);
  return {spread > 0 ? (s.ab - s.a * s.b / n) / std::sqrt(spread) : 0, s.voxels};
}

}  // namespace

std::vector<Correlation> correlate(std::span<const float> map, std::span<const float> coefficients, const Shape& shape,
                                   std::span<const std::uint32_t> voxels, std::span<const Operator> operators,
                                   int threads, const Control& control) {
  const std::size_t blocks = (voxels.size() + kBlock - 1) / kBlock;
  control.setTotal(static_cast<std::int32_t>(blocks * operators.size()));
  std::vector<Sums> parts(blocks * operators.size());
  parallelFor(parts.size(), static_cast<std::size_t>(threads), [&](std::size_t item, std::size_t) {
    control.throwIfCancelled();
    Sums& part = parts[item];
    const std::size_t block = item % blocks, end = std::min((block + 1) * kBlock, voxels.size());
    for (std::size_t i = block * kBlock; i < end; ++i) {
      const std::size_t voxel = voxels[i], row = voxel / shape.x;
      const Position p = operators[item / blocks].apply(
          static_cast<double>(row / shape.y), static_cast<double>(row % shape.y), static_cast<double>(voxel % shape.x));
      if (!isInside(p, shape)) continue;
      const double a = map[voxel], b = splineValue(coefficients.data(), shape, p);
      part.a += a;
      part.b += b;
      part.aa += a * a;
      part.bb += b * b;
      part.ab += a * b;
      ++part.voxels;
    }
    control.advance(1);
  });

  std::vector<Correlation> correlations(operators.size());
  for (std::size_t o = 0; o < operators.size(); ++o) {
    Sums total;
    for (std::size_t block = 0; block < blocks; ++block) {
      const Sums& part = parts[o * blocks + block];
      total.a += part.a;
      total.b += part.b;
      total.aa += part.aa;
      total.bb += part.bb;
      total.ab += part.ab;
      total.voxels += part.voxels;
    }
    correlations[o] = finish(total);
  }
  return correlations;
}

}  // namespace locscale::symmetry
