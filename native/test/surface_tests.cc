#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "kernels/map/surface.h"
#include "test/check.h"

using namespace locscale;

namespace {

std::vector<float> noise(const Shape& shape) {
  std::vector<float> map(shape.voxels());
  std::uint32_t state = 1;
  for (float& value : map) value = static_cast<float>((state = state * 1664525U + 1013904223U) >> 8) / (1 << 24);
  return map;
}

}  // namespace

TEST(surface_of_boxes_without_cells_is_nothing) {
  for (const Shape shape : {Shape{1, 1, 1}, Shape{1, 5, 7}, Shape{4, 1, 7}, Shape{4, 5, 1}}) {
    CHECK(map::surface(noise(shape), shape, {1, 1, 1}, 0.5F, 2, Control()).area == 0);
    CHECK(map::surface(noise(shape), shape, {1, 1, 1}, 0, 2, Control()).regions == 1);
  }
}

TEST(surface_of_a_ball_lies_inside_the_sphere) {
  const Shape shape{32, 33, 34};
  std::vector<float> map(shape.voxels());
  for (std::size_t i = 0; i < map.size(); ++i) {
    const double z = i / shape.section() - 15.7, y = i / shape.x % shape.y - 16.1, x = i % shape.x - 16.4;
    map[i] = static_cast<float>(-std::hypot(z, y, x));
  }
  const auto found = map::surface(map, shape, {1, 1, 1}, -10, 3, Control());
  const double ratio = found.area / (4 * std::numbers::pi * 100);
  CHECK(ratio < 1 && ratio > 0.997);
  CHECK(found.regions == 1);
}

TEST(surface_is_the_same_for_any_number_of_threads) {
  const Shape shape{21, 17, 19};
  const auto map = noise(shape);
  const auto one = map::surface(map, shape, {1.1, 1.2, 1.3}, 0.8F, 1, Control());
  const auto four = map::surface(map, shape, {1.1, 1.2, 1.3}, 0.8F, 4, Control());
  CHECK(one.area == four.area && one.regions == four.regions && one.enclosed == four.enclosed);
}

TEST(surface_leaves_out_what_is_not_a_number) {
  const Shape shape{3, 3, 3};
  std::vector<float> map(shape.voxels(), NAN);
  map[13] = 1;
  const auto found = map::surface(map, shape, {1, 1, 1}, 0.5F, 1, Control());
  CHECK(found.enclosed == 1 && found.regions == 1);
}

TEST(contour_level_encloses_as_many_as_asked_for) {
  const std::vector<float> map{3, 1, 4, 1, 5, 9, 2, 6};
  CHECK(map::contourLevel(map, 1) == 9);
  CHECK(map::contourLevel(map, 3) == 5);
  CHECK(map::contourLevel(map, 8) == 1);
}
