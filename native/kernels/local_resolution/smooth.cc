#include "kernels/local_resolution/smooth.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/threads.h"

namespace locscale::local {
namespace {

/** Cubic B-spline at distance t from its middle, in knot spacings. */
double bSpline(double t) {
  t = std::abs(t);
  if (t < 1) return (4 - 6 * t * t + 3 * t * t * t) / 6;
  return t < 2 ? (2 - t) * (2 - t) * (2 - t) / 6 : 0;
}

/** The lines of a box along one axis: where line i starts, how many values it has and how far they lie apart. */
struct Lines {
  std::size_t count, length, stride;
  std::size_t start(std::size_t i) const { return i / stride * stride * length + i % stride; }
};

/** Convolves every line of `values` in place; ends count as 0. */
void convolve(std::span<float> values, const Lines& lines, const std::vector<float>& weights, int threads,
              const Control& control) {
  const std::size_t reach = weights.size() - 1;
  // Blocks of neighbouring lines, which share the cache lines they lie in.
  constexpr std::size_t kBlock = 16;
  parallelFor((lines.count + kBlock - 1) / kBlock, threads, [&](std::size_t block, std::size_t) {
    control.throwIfCancelled();
    std::vector<float> padded(lines.length + 2 * reach);
    for (std::size_t i = block * kBlock; i < std::min(lines.count, (block + 1) * kBlock); i++) {
      float* line = values.data() + lines.start(i);
      for (std::size_t j = 0; j < lines.length; j++) padded[reach + j] = line[j * lines.stride];
      for (std::size_t j = 0; j < lines.length; j++) {
        const float* at = padded.data() + reach + j;
        float sum = weights[0] * *at;
        for (std::size_t e = 1; e <= reach; e++) sum += weights[e] * (at[e] + *(at - e));
        line[j * lines.stride] = sum;
      }
    }
  });
}

}  // namespace

void smoothByBSpline(std::span<const float> values, const Shape& shape, double spacing, std::span<float> smooth,
                     int threads, const Control& control) {
  std::vector<float> weights;
  for (int e = 0; e == 0 || e < 2 * spacing; e++) weights.push_back(static_cast<float>(bSpline(e / spacing)));
  std::vector<float> inside(values.size());
  for (std::size_t i = 0; i < values.size(); i++) {
    inside[i] = values[i] > 0 ? 1 : 0;
    smooth[i] = values[i] > 0 ? values[i] : 0;
  }
  const std::size_t nx = shape.x, ny = shape.y, nz = shape.z;
  for (const std::span<float> part : {smooth, std::span(inside)}) {
    convolve(part, {nz * ny, nx, 1}, weights, threads, control);
    convolve(part, {nz * nx, ny, nx}, weights, threads, control);
    convolve(part, {ny * nx, nz, ny * nx}, weights, threads, control);
  }
  for (std::size_t i = 0; i < values.size(); i++) smooth[i] = values[i] > 0 ? smooth[i] / inside[i] : 0;
}

}  // namespace locscale::local
