#include <cmath>
#include <numeric>
#include <vector>

#include "kernels/fail.h"
#include "kernels/pseudo_atoms/build.h"
#include "kernels/pseudo_atoms/map_field.h"
#include "kernels/pseudo_atoms/pair_potential.h"
#include "test/check.h"

// Small boxes whose mask reaches to the faces: reads beyond the map would end the program here.
using namespace locscale;

namespace {

const Shape kShape{9, 11, 10};

std::vector<float> someMap() {
  std::vector<float> map(kShape.voxels());
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<float>((i * 2654435761U % 1000) / 500.0 - 1);
  return map;
}

/** Change of a function between two places, over their distance. */
template <typename Function>
double slope(Function&& f, double at) {
  constexpr double h = 1e-5;
  return (f(at + h) - f(at - h)) / (2 * h);
}

}  // namespace

TEST(every_solver_stays_in_memory) {
  const auto map = someMap();
  const std::vector<float> mask(map.size(), 1.0F);
  for (const auto solver : {pseudo::Solver::kSettle, pseudo::Solver::kLocScaleSteps, pseudo::Solver::kKick,
                            pseudo::Solver::kLocScaleKick}) {
    for (const int threads : {1, 3}) {
      const auto built = pseudo::build({map, mask, kShape, 0.99F, 60, 0.9, solver, 60, 7, threads}, Control());
      CHECK(built.atoms.size() == 60);
      CHECK(!built.course.history.empty());
      for (const auto& atom : built.atoms) CHECK(std::isfinite(atom.x + atom.y + atom.z));
    }
  }
}

TEST(one_atom_climbs_alone) {
  auto map = someMap();
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<float>(i % 10);
  const std::vector<float> mask(map.size(), 1.0F);
  const auto built = pseudo::build({map, mask, kShape, 0.99F, 1, 1, pseudo::Solver::kSettle, 500, 1, 2}, Control());
  CHECK(built.course.settled);
  CHECK(built.atoms[0].x > 7.4 && built.atoms[0].x < 7.5);
}

TEST(the_map_changes_as_its_gradient_says) {
  const auto map = someMap();
  const pseudo::Point p{4.3, 5.7, 3.2};
  const auto here = pseudo::interpolate(map, kShape, p);
  const auto along = [&](double pseudo::Point::*axis) {
    return slope(
        [&](double at) {
          pseudo::Point q = p;
          q.*axis = at;
          return pseudo::interpolate(map, kShape, q).value;
        },
        p.*axis);
  };
  CHECK(std::abs(here.gradient.x - along(&pseudo::Point::x)) < 1e-7);
  CHECK(std::abs(here.gradient.y - along(&pseudo::Point::y)) < 1e-7);
  CHECK(std::abs(here.gradient.z - along(&pseudo::Point::z)) < 1e-7);
  const auto centre = pseudo::interpolate(map, kShape, {4, 5, 3});
  const auto difference = pseudo::difference(map, kShape, {4, 5, 3});
  CHECK(std::abs(centre.value - map[(3 * 11 + 5) * 10 + 4]) < 1e-7);
  CHECK((centre.gradient - difference).length() < 1e-7);
}

TEST(pairs_pull_as_their_energy_changes) {
  const pseudo::PairPotential pairs(1.1);
  for (const double r : {0.3, 1.0, 1.12, 1.3, 2.0, 3.2}) {
    const double change = slope([&](double at) { return pairs.at(at * at).energy; }, r);
    CHECK(std::abs(pairs.at(r * r).pull * r - change) < 1e-4 * (1 + std::abs(change)));
  }
  const double end = pairs.reach() * pairs.reach();
  CHECK(std::abs(pairs.at(end).energy) < 1e-12 && std::abs(pairs.at(end).pull) < 1e-12);
}
