#include "kernels/refine/local_b.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/refine/cells.h"
#include "kernels/threads.h"

namespace locscale::refine {

std::vector<float> averageB(std::span<const double> positions, std::span<const float> b, double radius, int threads,
                            const Control& control) {
  const Cells cells(positions, radius);
  std::vector<float> means(b.size());
  constexpr std::size_t kChunk = 256;
  const std::size_t chunks = (b.size() + kChunk - 1) / kChunk;
  control.setTotal(static_cast<std::int32_t>(chunks));
  parallelFor(chunks, threads, [&](std::size_t chunk, std::size_t) {
    control.throwIfCancelled();
    for (std::size_t i = chunk * kChunk; i < std::min((chunk + 1) * kChunk, b.size()); ++i) {
      double sum = 0;
      std::size_t count = 0;
      cells.forNear(&positions[3 * i], [&](std::uint32_t j, double) {
        sum += b[j];
        ++count;
      });
      means[i] = static_cast<float>(sum / static_cast<double>(count));
    }
    control.advance(1);
  });
  return means;
}

double shiftOf(std::span<const float> b) {
  constexpr int kPoints = 1000;
  constexpr double kShare = 0.01;
  const double n = static_cast<double>(b.size());
  if (b.size() < 2) return 0;
  double mean = 0, squares = 0;
  for (const double value : b) mean += value / n;
  for (const double value : b) squares += (value - mean) * (value - mean);
  const double width = std::pow(0.75 * n, -0.2) * std::sqrt(squares / (n - 1));
  const auto [low, high] = std::minmax_element(b.begin(), b.end());
  if (!(width > 0)) return 0;
  const double least = *low, step = (static_cast<double>(*high) - least) / (kPoints - 1);
  const auto below = [&](double x) {
    double sum = 0;
    for (const double value : b) sum += 0.5 * std::erfc((value - x) / (width * std::numbers::sqrt2));
    return sum / n;
  };
  const double base = below(least);
  const auto share = [&](int point) { return below(least + point * step) - base; };
  // The distribution rises, so the stretch between two points that holds the share is found by halving.
  int before = 0, after = kPoints - 1;
  double shareBefore = 0, shareAfter = share(after);
  if (shareAfter < kShare) return 0;
  while (after - before > 1) {
    const int middle = (before + after) / 2;
    const double here = share(middle);
    (here < kShare ? before : after) = middle;
    (here < kShare ? shareBefore : shareAfter) = here;
  }
  const double part = (kShare - shareBefore) / (shareAfter - shareBefore);
  return std::max(0.0, least + (before + part) * step);
}

}  // namespace locscale::refine
