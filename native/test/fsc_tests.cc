#include <vector>

#include "kernels/fsc/fsc.h"
#include "kernels/fsc/shells.h"
#include "kernels/map/map.h"
#include "test/check.h"

using namespace locscale;

TEST(shells_of_a_cube_are_whole_radii) {
  for (const int edge : {15, 96, 250}) {
    const fsc::Shells shells({edge, edge, edge});
    CHECK(shells.count() == edge / 2);
    // Pythagorean quadruples: radii that are exactly whole must not fall into the shell below.
    for (int k = 1; 7 * k <= edge / 2; ++k) {
      CHECK(shells.of(shells.rowRadius2(2 * k, 3 * k), 6 * k) == 7 * k);
      CHECK(shells.of(shells.rowRadius2(edge - 2 * k, edge - 3 * k), 6 * k) == 7 * k);
    }
    CHECK(shells.of(shells.rowRadius2(1, 1), 1) == 1);
    CHECK(shells.of(shells.rowRadius2(edge - 1, 0), 0) == 1);
  }
}

TEST(shells_of_other_boxes_are_spheres) {
  // Edges 100 and 30: index k along the short axis is the frequency k/30, i.e. shell 100 k / 30.
  const fsc::Shells shells({100, 30, 50});
  CHECK(shells.count() == 50);
  for (int k = 0; k < 15; ++k) {
    CHECK(shells.of(shells.rowRadius2(0, k), 0) == 100 * k / 30);
    CHECK(shells.of(shells.rowRadius2(0, 0), k) == 2 * k);
    CHECK(shells.of(shells.rowRadius2(k, 0), 0) == k);
  }
}

TEST(fsc_of_a_map_with_itself_is_one) {
  const Shape shape{6, 9, 8};
  std::vector<float> map(shape.voxels());
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<float>((i * 2654435761U % 1000) / 500.0 - 1);
  const auto curve = fsc::fourierShellCorrelation(map, map, shape, 2, Control());
  CHECK(curve.size() == 4);
  for (const double value : curve) CHECK(std::abs(value - 1) < 1e-14);
}

TEST(radial_profile_of_a_point_is_flat) {
  const Shape shape{7, 8, 10};
  std::vector<float> map(shape.voxels());
  map[(2 * 8 + 3) * 10 + 4] = 2;
  for (const double value : fsc::radialProfile(map, shape, 3, Control())) CHECK(std::abs(value - 2) < 1e-12);
}

TEST(statistics_leave_out_what_is_not_finite) {
  std::vector<float> map(200'000, 1);
  map[70'000] = NAN;
  map[150'000] = INFINITY;
  map[199'999] = 0;
  const auto result = map::statistics(map, 3, Control());
  CHECK(result.nonFinite == 2);
  CHECK(result.firstNonFinite == 70'000);
  CHECK(result.zeros == 1);
  CHECK(result.min == 0 && result.max == 1);
  CHECK(std::abs(result.mean - 199'997.0 / 199'998) < 1e-14);
}
