#include "kernels/filter/cosine_mask.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "kernels/axis_lines.h"
#include "kernels/fail.h"
#include "kernels/fft/aligned.h"

namespace locscale::filter {

void cosineMask(std::span<const float> mask, const Shape& shape, int length, std::span<float> soft, int threads,
                const Control& control) {
  std::vector<double> kernel(length);
  for (int i = 0; i < length; ++i) kernel[i] = std::sin(std::numbers::pi * (i + 0.5) / length);

  control.setTotal(axisLineUnits(shape));
  fft::AlignedArray<double> memory(shape.voxels());
  const std::span values(memory.data(), shape.voxels());
  std::copy(mask.begin(), mask.end(), values.begin());

  const int before = (length - 1) / 2;
  forEachAxisLine(values, shape, threads, control, [&](std::span<double> line, std::span<double> scratch) {
    std::copy(line.begin(), line.end(), scratch.begin());
    const int n = static_cast<int>(line.size());
    for (int i = 0; i < n; ++i) {
      double sum = 0;
      // Convolution, output i centred as "same" does: term j meets the input i + before - j.
      for (int j = std::max(0, i + before - n + 1); j < std::min(length, i + before + 1); ++j) {
        sum += kernel[j] * scratch[i + before - j];
      }
      line[i] = sum;
    }
  });

  const double highest = *std::max_element(values.begin(), values.end());
  if (!(highest > 0)) fail("input.voxels", "The mask has no voxel above 0; give a mask that is 1 inside.");
  std::transform(values.begin(), values.end(), soft.begin(),
                 [highest](double value) { return static_cast<float>(value / highest); });
}

}  // namespace locscale::filter
