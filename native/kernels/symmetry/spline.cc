#include "kernels/symmetry/spline.h"

#include <algorithm>
#include <vector>

#include "kernels/threads.h"

namespace locscale::symmetry {

namespace {

const double kPole = std::sqrt(3.0) - 2;
/** |pole|^32 is 5e-19: what lies further away does not reach a double. */
constexpr int kHorizon = 32;

/**
 * Filters `width` neighbouring lines at once; sample k of line i is data[k * stride + i]. The first sample of the
 * causal pass is the sum over the reflected signal, cut off at the horizon.
 */
void filterLines(float* data, int n, std::size_t stride, int width, std::vector<double>& previous) {
  if (n == 1) return;
  const auto sample = [&](int k) { return data + static_cast<std::size_t>(k) * stride; };
  previous.assign(static_cast<std::size_t>(width), 0);
  double power = 1;
  for (int k = 0; k < kHorizon; ++k, power *= kPole) {
    const float* line = sample(detail::reflected(k, n));
    for (int i = 0; i < width; ++i) previous[i] += power * 6 * line[i];
  }
  for (int i = 0; i < width; ++i) sample(0)[i] = static_cast<float>(previous[i]);
  for (int k = 1; k < n; ++k) {
    float* line = sample(k);
    for (int i = 0; i < width; ++i) {
      previous[i] = 6.0 * line[i] + kPole * previous[i];
      line[i] = static_cast<float>(previous[i]);
    }
  }
  const double last = kPole / (kPole * kPole - 1);
  for (int i = 0; i < width; ++i) {
    previous[i] = last * (previous[i] + kPole * sample(n - 2)[i]);
    sample(n - 1)[i] = static_cast<float>(previous[i]);
  }
  for (int k = n - 2; k >= 0; --k) {
    float* line = sample(k);
    for (int i = 0; i < width; ++i) {
      previous[i] = kPole * (previous[i] - line[i]);
      line[i] = static_cast<float>(previous[i]);
    }
  }
}

}  // namespace

void splineCoefficients(std::span<float> voxels, const Shape& shape, bool alongZ, int threads, const Control& control) {
  const std::size_t workers = static_cast<std::size_t>(std::max(threads, 1));
  std::vector<std::vector<double>> scratch(workers);
  parallelFor(static_cast<std::size_t>(shape.z), workers, [&](std::size_t z, std::size_t worker) {
    control.throwIfCancelled();
    float* section = voxels.data() + z * shape.section();
    for (int y = 0; y < shape.y; ++y) {
      filterLines(section + static_cast<std::size_t>(y) * shape.x, shape.x, 1, 1, scratch[worker]);
    }
    filterLines(section, shape.y, static_cast<std::size_t>(shape.x), shape.x, scratch[worker]);
    control.advance(1);
  });
  parallelFor(static_cast<std::size_t>(shape.y), workers, [&](std::size_t y, std::size_t worker) {
    control.throwIfCancelled();
    if (alongZ) filterLines(voxels.data() + y * shape.x, shape.z, shape.section(), shape.x, scratch[worker]);
    control.advance(1);
  });
}

}  // namespace locscale::symmetry
