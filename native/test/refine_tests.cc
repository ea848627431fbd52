#include <algorithm>
#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "kernels/model/simulate.h"
#include "kernels/refine/local_b.h"
#include "kernels/refine/refine_adp.h"
#include "kernels/refine/restraints.h"
#include "kernels/refine/target.h"
#include "test/check.h"

using namespace locscale;

namespace {

/** Atoms in a ball, their own columns. */
struct Ball {
  std::vector<double> positions;
  std::vector<std::uint8_t> elements;
  std::vector<float> b, occupancies;

  Ball(int count, double centre, double radius, unsigned seed) {
    std::mt19937 random(seed);
    const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
    while (static_cast<int>(elements.size()) < count) {
      double p[3], square = 0;
      for (double& value : p) {
        value = 2 * uniform() - 1;
        square += value * value;
      }
      if (square > 1) continue;
      for (const double value : p) positions.push_back(centre + radius * value);
      elements.push_back(static_cast<std::uint8_t>(6 + random() % 3));
      b.push_back(static_cast<float>(30 + 80 * uniform()));
      occupancies.push_back(static_cast<float>(0.5 + 0.5 * uniform()));
    }
  }
  model::Atoms atoms() const { return {positions, elements, b, occupancies}; }
  model::Atoms atoms(const std::vector<float>& other) const { return {positions, elements, other, occupancies}; }
};

/** A noisy map of the ball on a box that is no cube. */
std::vector<float> noisyMap(const Ball& ball, const model::Box& box, double noise, unsigned seed) {
  std::vector<float> map(box.shape.voxels());
  model::simulate({ball.atoms(), box, {}, std::nullopt, 0}, map, 1, Control());
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, noise);
  for (float& value : map) value += static_cast<float>(normal(random));
  return map;
}

const model::Box kBox{{36, 40, 44}, {1.2, 1.1, 1.15}, {-3, 4, 0}};
constexpr double kResolution = 3.4;

struct Setting {
  Ball ball{40, 22, 9, 3};
  refine::WorkGrid grid = refine::chooseWorkGrid(ball.atoms(), kBox, kResolution);
  refine::Target target{ball.atoms(), grid.box, kResolution, 1, Control()};
  refine::Observed observed =
      target.prepared(refine::observe(noisyMap(ball, kBox, 0.02, 5), {}, grid, 1, Control()), refine::Coefficients());
  /** B-factors that are wrong, so that gradients are not 0. */
  std::vector<float> start = std::vector<float>(ball.elements.size(), 55);
};

}  // namespace

TEST(gradient_of_the_target_is_its_finite_difference) {
  Setting s;
  const auto sums = s.target.sums(s.observed, s.start);
  const auto model = refine::estimate(s.target.shells(), sums, s.observed.power);
  std::vector<double> slopes(s.start.size());
  s.target.sumsAndSlopes(s.observed, s.start, model, slopes);
  double steepest = 0;
  for (const double slope : slopes) steepest = std::max(steepest, std::abs(slope));
  CHECK(steepest > 0.1);
  for (const std::size_t atom : {0U, 7U, 23U, 39U}) {
    const auto valueAt = [&](float change) {
      auto b = s.start;
      b[atom] += change;
      return refine::valueOf(model, s.target.sums(s.observed, b), s.observed.power);
    };
    const double difference = (valueAt(2) - valueAt(-2)) / 4;
    CHECK(std::abs(difference - slopes[atom]) < 0.01 * steepest);
  }
}

TEST(curvature_of_the_target_is_that_of_a_map_which_the_model_explains) {
  // Without a residual the second derivative has its Gauss-Newton part alone, which is what the curvature states.
  Setting s;
  std::vector<float> map(kBox.shape.voxels());
  model::simulate({s.ball.atoms(s.start), kBox, {}, std::nullopt, 0}, map, 1, Control());
  auto exact = s.target.prepared(refine::observe(map, {}, s.grid, 1, Control()), refine::Coefficients());
  auto model = refine::estimate(s.target.shells(), s.target.sums(exact, s.start), exact.power);
  model.variance.assign(model.variance.size(), 1);
  const auto diagonal = s.target.curvature(s.start, model);
  for (const std::size_t atom : {3U, 30U}) {
    const auto slopeAt = [&](float change) {
      auto b = s.start;
      b[atom] += change;
      std::vector<double> slopes(b.size());
      s.target.sumsAndSlopes(exact, b, model, slopes);
      return slopes[atom];
    };
    CHECK(std::abs(slopeAt(0.5F) - slopeAt(-0.5F) - diagonal[atom]) < 0.01 * diagonal[atom]);
  }
}

TEST(shells_hold_every_coefficient_up_to_the_resolution_once) {
  const refine::Shells shells(kBox, kResolution);
  double expected = 0, counted = 0;
  for (int z = -18; z <= 18; ++z) {
    for (int y = -20; y <= 20; ++y) {
      for (int x = -22; x <= 22; ++x) {
        const double sx = x / (44 * 1.2), sy = y / (40 * 1.1), sz = z / (36 * 1.15);
        const double square = sx * sx + sy * sy + sz * sz;
        if (square > 0 && square < 1 / (kResolution * kResolution)) expected += 0.5;
      }
    }
  }
  for (int z = 0; z < 36; ++z) {
    for (int y = 0; y < 40; ++y) {
      shells.forRuns(z, y, [&](std::size_t, int begin, int end) {
        for (int x = begin; x < end; ++x) counted += refine::Shells::weight(x);
      });
    }
  }
  double total = 0;
  for (const double count : shells.counts()) {
    CHECK(count >= 50);
    total += count;
  }
  CHECK(std::abs(counted - expected) < 1e-9 && std::abs(total - expected) < 1e-9);
}

TEST(restraints_are_those_of_all_pairs) {
  const Ball ball(150, -3, 7, 11);
  const std::size_t count = ball.elements.size();
  std::vector<std::uint8_t> pseudo(count);
  for (std::size_t i = 0; i < count; i += 5) pseudo[i] = 1;
  const refine::Restraints restraints(ball.atoms(), pseudo);
  std::vector<double> u(count), gradient(count), expected(count);
  for (std::size_t i = 0; i < count; ++i) u[i] = std::log(ball.b[i]);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      double square = 0;
      for (int k = 0; k < 3; ++k) square += std::pow(ball.positions[3 * i + k] - ball.positions[3 * j + k], 2);
      const double d = std::sqrt(square), sigma = d < 1.9 ? 0.10 : d < 2.7 ? 0.15 : 0.5;
      if (i == j || d > 4) continue;
      double weight = 1 / (sigma * sigma) / std::max(1.0, square / 4);
      if (pseudo[i] != 0 || pseudo[j] != 0) weight *= 6;
      sum += 0.25 * 0.7 * weight * (u[i] - u[j]) * (u[i] - u[j]);
      expected[i] += 0.7 * weight * (u[i] - u[j]);
    }
  }
  CHECK(std::abs(restraints.add(u, 0.7, gradient) - sum) < 1e-6 * sum);
  for (std::size_t i = 0; i < count; ++i) CHECK(std::abs(gradient[i] - expected[i]) < 1e-4);

  // To follow a trend is to take it away first.
  refine::Restraints following = restraints;
  std::vector<double> trend(count), lifted(count), followed(count);
  for (std::size_t i = 0; i < count; ++i) {
    trend[i] = 0.05 * ball.positions[3 * i] - 0.02 * ball.positions[3 * i + 2];
    lifted[i] = u[i] + trend[i];
  }
  following.follow(trend);
  CHECK(std::abs(following.add(lifted, 0.7, followed) - sum) < 1e-5 * sum);
  for (std::size_t i = 0; i < count; ++i) CHECK(std::abs(followed[i] - expected[i]) < 1e-3);
}

TEST(averages_are_those_of_all_atoms_within_the_radius) {
  const Ball ball(200, 5, 20, 13);
  const auto means = refine::averageB(ball.positions, ball.b, 8, 3, Control());
  for (std::size_t i = 0; i < means.size(); i += 17) {
    double sum = 0, count = 0;
    for (std::size_t j = 0; j < means.size(); ++j) {
      double square = 0;
      for (int k = 0; k < 3; ++k) square += std::pow(ball.positions[3 * i + k] - ball.positions[3 * j + k], 2);
      if (square > 64) continue;
      sum += ball.b[j];
      ++count;
    }
    CHECK(std::abs(means[i] - sum / count) < 1e-4);
  }
}

TEST(shift_is_the_smoothed_quantile) {
  const Ball ball(300, 0, 20, 17);
  // The definition, point by point (models.md 8).
  double mean = 0, squares = 0;
  for (const double value : ball.b) mean += value / 300;
  for (const double value : ball.b) squares += (value - mean) * (value - mean);
  const double width = std::pow(225.0, -0.2) * std::sqrt(squares / 299);
  const auto [low, high] = std::minmax_element(ball.b.begin(), ball.b.end());
  const auto normal = [&](double x) { return 0.5 * (1 + std::erf(x / std::sqrt(2.0))); };
  double before = 0, expected = 0;
  for (int point = 1; point < 1000 && expected == 0; ++point) {
    const double step = (*high - *low) / 999.0, x = *low + point * step;
    double share = 0;
    for (const double value : ball.b) share += (normal((x - value) / width) - normal((*low - value) / width)) / 300;
    if (share >= 0.01) expected = x - step + step * (0.01 - before) / (share - before);
    before = share;
  }
  CHECK(expected > *low);
  CHECK(std::abs(refine::shiftOf(ball.b) - expected) < 1e-3);
  CHECK(refine::shiftOf(std::vector<float>(20, 35.0F)) == 0);
  CHECK(refine::shiftOf(std::vector<float>(1, 35.0F)) == 0);
}

TEST(refinement_finds_b_factors_again_and_leaves_out_what_it_must) {
  Ball ball(120, 22, 9, 19);
  std::vector<float> map(kBox.shape.voxels());
  ball.occupancies[2] = 0;
  ball.positions[3 * 5] = 500;
  ball.elements[9] = 1;
  // B-factors that change slowly, as restraints expect them.
  for (std::size_t i = 0; i < ball.b.size(); ++i) ball.b[i] = static_cast<float>(60 + 2 * (ball.positions[3 * i] - 22));
  model::Atoms heavy = ball.atoms();
  std::vector<float> occupancies = ball.occupancies;
  occupancies[9] = 0;
  heavy.occupancies = occupancies;
  model::simulate({heavy, kBox, {}, std::nullopt, 0}, map, 1, Control());
  refine::Refinement input{ball.atoms(), kBox, map, {}, {}, {}, kResolution, 40, 0.1};
  const auto ignore = [](const refine::StageCycle&) {};
  const auto one = refine::refineAdp(input, 1, Control(), ignore);
  CHECK(one.outside == 1 && one.refined[2] == 0 && one.refined[5] == 0 && one.refined[9] == 0);
  double difference = 0, slope = 0, spread = 0;
  for (std::size_t i = 0; i < ball.b.size(); ++i) {
    if (one.refined[i] != 0) difference += (one.b[i] - ball.b[i]) / 117;
  }
  for (std::size_t i = 0; i < ball.b.size(); ++i) {
    if (one.refined[i] == 0) continue;
    const double x = ball.b[i] - 60;
    slope += x * (one.b[i] - difference - 60);
    spread += x * x;
  }
  CHECK(std::abs(slope / spread - 1) < 0.05);
  CHECK(one.fsc > one.fscBefore && one.fsc > 0.99);
  // Neighbours' mean for the hydrogen, the mean of all for the atom that is far away.
  CHECK(std::abs(one.b[9] - ball.b[9] - difference) < 6 && std::abs(one.b[5] - 60 - difference) < 3);
  const auto three = refine::refineAdp(input, 3, Control(), ignore);
  CHECK(one.b == three.b);
}

TEST(refinement_near_the_nyquist_limit_and_at_the_faces_of_the_box_is_exact) {
  Ball ball(60, 22, 9, 23);
  // Less than half a voxel beyond the first and the last voxel of an axis.
  ball.positions[0] = kBox.origin[0] - 0.49 * 1.2;
  ball.positions[4] = kBox.origin[1] + 39.49 * 1.1;
  std::vector<float> map(kBox.shape.voxels());
  model::simulate({ball.atoms(), kBox, {}, std::nullopt, 0}, map, 1, Control());
  const auto ignore = [](const refine::StageCycle&) {};
  const auto result = refine::refineAdp({ball.atoms(), kBox, map, {}, {}, {}, 2.45, 40, 0.01}, 2, Control(), ignore);
  CHECK(result.outside == 0 && result.fsc > 0.99);
  CHECK(*std::min_element(result.shells.fsc.begin(), result.shells.fsc.end()) > 0.9);
}
