#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "kernels/handedness/handedness.h"
#include "test/check.h"

using namespace locscale;

namespace {

/** Balls on a helix around z, six to a turn of 18 voxels: rising anticlockwise seen from above, as a right-handed one
 * does. */
std::vector<float> helix(const Shape& shape, bool rightHanded) {
  std::vector<float> map(shape.voxels());
  for (int ball = 0; ball < 3 * shape.z; ++ball) {
    const double z = ball / 3.0, angle = (rightHanded ? 1 : -1) * 2 * std::numbers::pi * z / 18;
    const double y = shape.y / 2.0 + 7 * std::sin(angle), x = shape.x / 2.0 + 7 * std::cos(angle);
    for (std::size_t i = 0; i < map.size(); ++i) {
      const double r = std::hypot(z - i / shape.section(), y - i / shape.x % shape.y, x - i % shape.x);
      map[i] += static_cast<float>(std::exp(-r * r / 8));
    }
  }
  return map;
}

double turnOf(const std::vector<float>& map, const Shape& shape, double sigma, int threads = 2) {
  const std::vector<std::uint8_t> mask(shape.voxels(), 1);
  double turn = 0, size = 0;
  for (const auto& block : handedness::handedness(map, mask, shape, sigma, 9, threads, Control())) {
    turn += block.turn;
    size += block.size;
  }
  return turn / size;
}

}  // namespace

TEST(right_handed_helices_turn_positively_and_left_handed_ones_by_as_much_negatively) {
  const Shape shape{36, 31, 33};
  const double right = turnOf(helix(shape, true), shape, 2), left = turnOf(helix(shape, false), shape, 2);
  CHECK(right > 0.03);
  CHECK(std::abs(right + left) < 0.02 * right);
}

TEST(handedness_follows_neither_rotation_nor_scale_and_changes_sign_in_a_mirror) {
  const Shape shape{18, 18, 18};
  std::vector<float> map(shape.voxels()), turned(map.size()), mirrored(map.size());
  std::uint32_t state = 7;
  for (float& value : map) value = static_cast<float>((state = state * 1664525U + 1013904223U) >> 8) / (1 << 24);
  for (int z = 0; z < 18; ++z) {
    for (int y = 0; y < 18; ++y) {
      for (int x = 0; x < 18; ++x) {
        const std::size_t at = (z * 18 + y) * 18 + x;
        turned[(y * 18 + x) * 18 + z] = 3 * map[at];
        mirrored[((17 - z) * 18 + y) * 18 + x] = map[at];
      }
    }
  }
  const double turn = turnOf(map, shape, 1);
  CHECK(std::abs(turn) > 1e-5);
  CHECK(std::abs(turnOf(turned, shape, 1) - turn) < 1e-6);
  CHECK(std::abs(turnOf(mirrored, shape, 1) + turn) < 1e-6);
}

TEST(handedness_looks_only_where_the_mask_is_and_is_the_same_for_any_number_of_threads) {
  const Shape shape{20, 25, 30};
  const auto map = helix(shape, true);
  CHECK(turnOf(map, shape, 1.3, 1) == turnOf(map, shape, 1.3, 3));
  std::vector<std::uint8_t> mask(shape.voxels(), 0);
  CHECK(handedness::handedness(map, mask, shape, 1, 8, 2, Control()).empty());
  mask.back() = 1;
  const auto one = handedness::handedness(map, mask, shape, 1, 8, 2, Control());
  CHECK(one.size() == 1 && one.front().size >= std::abs(one.front().turn));
}
