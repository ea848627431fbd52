#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/axis_lines.h"
#include "kernels/fft/aligned.h"
#include "kernels/resample/resample.h"

namespace locscale::resample {

namespace {

/**
 * Coefficients of the quadratic spline through the values of a line, mirrored about its ends (Unser, Aldroubi & Eden,
 * IEEE Trans. Signal Process. 41, 821, 1993): one pole, a causal and an anticausal pass.
 */
void prefilterQuadratic(std::span<double> line) {
  const std::size_t n = line.size();
  if (n < 2) return;
  const double pole = std::sqrt(8.0) - 3;
  const double gain = (1 - pole) * (1 - 1 / pole);
  for (double& value : line) value *= gain;

  // The mirrored line is periodic in 2n - 2, so the start of the causal pass is a finite sum.
  const double last = std::pow(pole, static_cast<double>(n - 1));
  double start = line[0] + last * line[n - 1];
  double forth = pole, back = last * last / pole;
  for (std::size_t i = 1; i + 1 < n; ++i) {
    start += (forth + back) * line[i];
    forth *= pole;
    back /= pole;
  }
  line[0] = start / (1 - last * last);
  for (std::size_t i = 1; i < n; ++i) line[i] += pole * line[i - 1];

  line[n - 1] = pole / (pole * pole - 1) * (pole * line[n - 2] + line[n - 1]);
  for (std::size_t i = n - 1; i-- > 0;) line[i] = pole * (line[i + 1] - line[i]);
}

/** The voxels that one position along an axis is made of, and their weights. */
struct Support {
  int index[3];
  double weight[3];
  int count;  // 0: outside, the value is 0
};

/** Index mirrored about the outermost voxels. */
int mirrored(int i, int n) {
  if (n == 1) return 0;
  const int period = 2 * n - 2;
  const int folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}

Support supportAt(double position, int n, int order, Outside outside) {
  if (position > n - 1) {
    if (outside == Outside::zero) return {{0, 0, 0}, {0, 0, 0}, 0};
    position = n - 1;
  }
  if (order == 1) {
    const int low = static_cast<int>(std::floor(position));
    const double t = position - low;
    return {{low, mirrored(low + 1, n), 0}, {1 - t, t, 0}, 2};
  }
  const int centre = static_cast<int>(std::floor(position + 0.5));
  const double t = position - centre;
  const double before = 0.5 * (0.5 - t) * (0.5 - t), middle = 0.75 - t * t;
  return {{mirrored(centre - 1, n), mirrored(centre, n), mirrored(centre + 1, n)},
          {before, middle, 1 - before - middle},
          3};
}

std::vector<Support> supports(int count, double step, int n, int order, Outside outside) {
  std::vector<Support> result(count);
  for (int i = 0; i < count; ++i) result[i] = supportAt(i * step, n, order, outside);
  return result;
}

}  // namespace

void splineResample(std::span<const float> map, const Shape& shape, int order, const std::array<double, 3>& step,
                    Outside outside, std::span<float> target, const Shape& targetShape, int threads,
                    const Control& control) {
  control.setTotal(axisLineUnits(shape) + targetShape.z);
  fft::AlignedArray<double> memory(shape.voxels());
  const std::span coefficients(memory.data(), shape.voxels());
  std::copy(map.begin(), map.end(), coefficients.begin());
  if (order == 2) {
    forEachAxisLine(coefficients, shape, threads, control,
                    [](std::span<double> line, std::span<double>) { prefilterQuadratic(line); });
  }

  const auto zSupports = supports(targetShape.z, step[0], shape.z, order, outside);
  const auto ySupports = supports(targetShape.y, step[1], shape.y, order, outside);
  const auto xSupports = supports(targetShape.x, step[2], shape.x, order, outside);
  parallelFor(targetShape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    // One section of the map's (y, x) grid at the height of this target section; then along y, then along x.
    std::vector<double> section(shape.section()), row(shape.x);
    const Support& atZ = zSupports[z];
    for (int k = 0; k < atZ.count; ++k) {
      const auto plane = coefficients.subspan(atZ.index[k] * shape.section(), shape.section());
      for (std::size_t i = 0; i < plane.size(); ++i) section[i] += atZ.weight[k] * plane[i];
    }
    float* out = target.data() + z * targetShape.section();
    for (const Support& atY : ySupports) {
      std::fill(row.begin(), row.end(), 0.0);
      for (int k = 0; k < atY.count; ++k) {
        const double* line = section.data() + static_cast<std::size_t>(atY.index[k]) * shape.x;
        for (int x = 0; x < shape.x; ++x) row[x] += atY.weight[k] * line[x];
      }
      for (const Support& atX : xSupports) {
        double sum = 0;
        for (int k = 0; k < atX.count; ++k) sum += atX.weight[k] * row[atX.index[k]];
        *out++ = static_cast<float>(sum);
      }
    }
    control.advance(1);
  });
}

}  // namespace locscale::resample
