#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/context/subtract.h"
#include "test/check.h"

using namespace locscale;

namespace {

/** Values from 0 to 1, with a few that are no numbers. */
std::vector<float> probabilities(const Shape& shape) {
  std::vector<float> map(shape.voxels());
  std::uint32_t state = 7;
  for (float& value : map) {
    state = state * 1664525U + 1013904223U;
    value = state % 97 == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(state >> 8) / (1 << 24);
  }
  return map;
}

struct Outcome {
  std::vector<float> cleaned, mask;
  context::SubtractReport report;
};

Outcome run(const Shape& shape, const context::SubtractSettings& settings, int threads) {
  const std::vector<float> probability = probabilities(shape), target(shape.voxels(), 1.0F);
  Outcome out{std::vector<float>(shape.voxels(), -1.0F), std::vector<float>(shape.voxels(), -1.0F), {}};
  out.report = context::subtract(probability, target, shape, settings, out.cleaned, out.mask, threads, Control());
  return out;
}

}  // namespace

// The window reaches over the faces of all of these, twice over those of the smallest.
TEST(context_of_boxes_of_any_shape_stays_inside_them) {
  for (const Shape shape : {Shape{1, 1, 1}, Shape{1, 5, 7}, Shape{4, 1, 7}, Shape{4, 5, 1}, Shape{9, 8, 33}}) {
    for (const int smoothing : {1, 2, 5, 20}) {
      for (const bool largest : {false, true}) {
        for (const bool inverse : {false, true}) {
          for (const float threshold : {0.0F, 0.5F, 0.9F, 2.0F}) {
            const context::SubtractSettings settings{threshold, smoothing, largest, inverse};
            const Outcome one = run(shape, settings, 1), three = run(shape, settings, 3);
            CHECK(one.cleaned == three.cleaned && one.mask == three.mask);
            CHECK(one.report.components == three.report.components);
            // The target is 1 everywhere, so mask and cleaned map add up.
            for (std::size_t i = 0; i < shape.voxels(); ++i) {
              const float removed = inverse ? one.cleaned[i] : 1 - one.cleaned[i];
              CHECK(one.mask[i] >= 0 && one.mask[i] <= 1 && std::abs(removed - one.mask[i]) < 1e-6F);
            }
            if (threshold > 1) CHECK(one.report.components.empty() && one.report.contextVoxels == 0);
          }
        }
      }
    }
  }
}

TEST(context_of_the_whole_box_is_one_piece) {
  const Shape shape{6, 7, 8};
  const std::vector<float> probability(shape.voxels(), 1.0F), target(shape.voxels(), 3.0F);
  std::vector<float> cleaned(shape.voxels());
  const auto report = context::subtract(probability, target, shape, {0.5F, 5, true, false}, cleaned, {}, 2, Control());
  CHECK(report.components.size() == 1 && report.contextVoxels == shape.voxels());
  CHECK(std::all_of(cleaned.begin(), cleaned.end(), [](float value) { return value == 0; }));
}
