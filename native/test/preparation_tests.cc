#include <cmath>
#include <vector>

#include "kernels/fail.h"
#include "kernels/filter/cosine_mask.h"
#include "kernels/filter/radial_gain.h"
#include "kernels/fsc/fsc.h"
#include "kernels/fsc/randomise_phases.h"
#include "kernels/mask/confidence.h"
#include "kernels/resample/resample.h"
#include "test/check.h"

// Small odd boxes through every preparation kernel: what counts here is that the sanitisers stay silent.
using namespace locscale;

namespace {

const Shape kShape{7, 10, 9};

std::vector<float> someMap() {
  std::vector<float> map(kShape.voxels());
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<float>((i * 2654435761U % 1000) / 500.0 - 1);
  return map;
}

bool near(float a, float b) { return std::abs(a - b) < 1e-6F; }

}  // namespace

TEST(gains_of_one_leave_a_map_as_it_is) {
  const auto map = someMap();
  const std::vector<double> ones(5, 1.0);
  std::vector<float> filtered(map.size());
  for (const filter::RadialGain& gain : {filter::RadialGain(filter::TanhBand{}), filter::RadialGain(filter::GlobalB{0}),
                                         filter::RadialGain(filter::ShellGains{ones, 1})}) {
    filter::applyRadialGain<float>(map, kShape, gain, filtered, 2, Control());
    for (std::size_t i = 0; i < map.size(); ++i) CHECK(near(map[i], filtered[i]));
  }
}

TEST(cosine_mask_wider_than_the_box) {
  const std::vector<float> mask(kShape.voxels(), 1.0F);
  std::vector<float> soft(mask.size());
  for (const int length : {1, 2, 5, 40}) {
    filter::cosineMask(mask, kShape, length, soft, 2, Control());
    float highest = 0;
    for (const float value : soft) highest = std::max(highest, value);
    CHECK(highest == 1);
  }
}

TEST(confidence_of_a_box_at_the_border) {
  auto map = someMap();
  map[(3 * 10 + 5) * 9 + 4] = 50;
  std::vector<float> confidence(map.size());
  std::vector<std::uint8_t> mask(map.size());
  const mask::ConfidenceSettings settings{.boxes = {{0, 0, 0, 4}, {3, 6, 5, 4}}, .lowPass = 0, .rate = 0.01};
  const auto report = mask::confidenceMask(map, kShape, settings, confidence, mask, 2, Control());
  CHECK(report.maskedVoxels == 1);
  CHECK(mask[(3 * 10 + 5) * 9 + 4] == 1);
  CHECK(report.mapThreshold == 50);
  const std::vector<float> flat(map.size(), 3.0F);
  CHECK(test::kindThrownBy<Failure>(
            [&] { mask::confidenceMask(flat, kShape, settings, confidence, mask, 2, Control()); }) == "input.voxels");
}

TEST(resampling_onto_its_own_grid) {
  const auto map = someMap();
  std::vector<float> target(map.size());
  resample::fourierResample(map, kShape, target, kShape, 2, Control());
  for (std::size_t i = 0; i < map.size(); ++i) CHECK(near(map[i], target[i]));
  for (const int order : {1, 2}) {
    resample::splineResample(map, kShape, order, {1, 1, 1}, resample::Outside::zero, target, kShape, 2, Control());
    for (std::size_t i = 0; i < map.size(); ++i) CHECK(near(map[i], target[i]));
  }
}

TEST(resampling_to_other_sizes_stays_inside) {
  const auto map = someMap();
  const std::vector<float> plane(3, 1.0F);
  for (const Shape& shape : {Shape{12, 6, 17}, Shape{1, 1, 1}, Shape{8, 11, 4}}) {
    std::vector<float> target(shape.voxels());
    resample::fourierResample(map, kShape, target, shape, 3, Control());
    for (const int order : {1, 2}) {
      resample::splineResample(map, kShape, order, {1.7, 0.9, 2.5}, resample::Outside::edge, target, shape, 3,
                               Control());
      for (const float value : target) CHECK(std::isfinite(value));
      resample::splineResample(plane, {1, 1, 3}, order, {1, 1, 1}, resample::Outside::edge, target, shape, 1,
                               Control());
      for (const float value : target) CHECK(near(value, 1));
    }
  }
}

TEST(random_phases_from_the_first_shell_on) {
  const auto map = someMap();
  std::vector<float> randomised(map.size());
  fsc::randomisePhases(map, kShape, 0, 3, randomised, 2, Control());
  double before = 0, after = 0;
  for (std::size_t i = 0; i < map.size(); ++i) {
    before += map[i] * map[i];
    after += randomised[i] * randomised[i];
  }
  CHECK(std::abs(before / after - 1) < 1e-5);
  CHECK(fsc::octantProfile(map, kShape, 2, Control()).size() == 5);
}
