#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/map/map.h"
#include "kernels/threads.h"

namespace locscale::map {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;  // 256 KiB: the second pass over a block finds it in cache

struct Partial {
  double min = std::numeric_limits<double>::infinity(), max = -std::numeric_limits<double>::infinity();
  double mean = 0;
  double squares = 0;  // sum of squared differences from `mean`
  std::size_t finite = 0, zeros = 0, nonFinite = 0;
  std::optional<std::size_t> firstNonFinite;
};

Partial summarise(std::span<const float> voxels, std::size_t begin, std::size_t end) {
  Partial part;
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const double value = voxels[i];
    if (!std::isfinite(value)) {
      if (part.nonFinite++ == 0) part.firstNonFinite = i;
      continue;
    }
    part.min = std::min(part.min, value);
    part.max = std::max(part.max, value);
    part.zeros += value == 0;
    sum += value;
  }
  part.finite = end - begin - part.nonFinite;
  if (part.finite == 0) return part;
  part.mean = sum / static_cast<double>(part.finite);
  for (std::size_t i = begin; i < end; ++i) {
    const double difference = voxels[i] - part.mean;
    if (std::isfinite(difference)) part.squares += difference * difference;
  }
  return part;
}

/** Chan, Golub & LeVeque (1983), equation 2.1: variances of two samples from theirs and the difference of means. */
void merge(Partial& total, const Partial& part) {
  if (!total.firstNonFinite) total.firstNonFinite = part.firstNonFinite;
  total.nonFinite += part.nonFinite;
  total.zeros += part.zeros;
  if (part.finite == 0) return;
  total.min = std::min(total.min, part.min);
  total.max = std::max(total.max, part.max);
  const double a = static_cast<double>(total.finite), b = static_cast<double>(part.finite);
  const double difference = part.mean - total.mean;
  total.mean += difference * b / (a + b);
  total.squares += part.squares + difference * difference * a * b / (a + b);
  total.finite += part.finite;
}

}  // namespace

Statistics statistics(std::span<const float> voxels, int threads, const Control& control) {
  const std::size_t blocks = (voxels.size() + kBlock - 1) / kBlock;
  control.setTotal(static_cast<std::int32_t>(blocks));
  std::vector<Partial> parts(blocks);
  parallelFor(blocks, threads, [&](std::size_t block, std::size_t) {
    control.throwIfCancelled();
    parts[block] = summarise(voxels, block * kBlock, std::min((block + 1) * kBlock, voxels.size()));
    control.advance(1);
  });

  Partial total;
  for (const auto& part : parts) merge(total, part);
  Statistics result{.zeros = total.zeros, .nonFinite = total.nonFinite, .firstNonFinite = total.firstNonFinite};
  if (total.finite == 0) return result;
  result.min = total.min;
  result.max = total.max;
  result.mean = total.mean;
  result.sd = std::sqrt(total.squares / static_cast<double>(total.finite));
  return result;
}

}  // namespace locscale::map
