#include "kernels/pseudo_atoms/settle.h"

#include <algorithm>
#include <utility>

#include "kernels/pseudo_atoms/measure.h"
#include "kernels/refine/lbfgs.h"

namespace locscale::pseudo {
namespace {

using Points = std::vector<Point>;

/** Steps that L-BFGS remembers. */
constexpr std::size_t kMemory = 10;
/** Voxels a unit of force before anything is known of the curvature: what an iteration of LocScale's stepping moves. */
constexpr double kFirstMobility = 0.01;

/** x, y, z of one point after the other. */
std::vector<double> numbersOf(const Points& points) {
  std::vector<double> numbers;
  numbers.reserve(3 * points.size());
  for (const Point& p : points) numbers.insert(numbers.end(), {p.x, p.y, p.z});
  return numbers;
}

/** The differences of two sets of points. */
std::vector<double> difference(const Points& to, const Points& from) {
  Points step(to.size());
  for (std::size_t i = 0; i < to.size(); ++i) step[i] = to[i] - from[i];
  return numbersOf(step);
}

/** What is known of the curvature, and the steps that follow from it. */
class Memory {
 public:
  bool empty() const { return stiffness_ == 0; }
  void clear() { *this = Memory(); }

  void learn(std::vector<double> step, std::vector<double> change) {
    const double product = refine::dot(step, change);
    if (!(product > 0)) return;
    stiffness_ = refine::dot(change, change) / product;
    lbfgs_.learn(std::move(step), std::move(change));
  }

  /** The step that would lead to the minimum if the curvature were what is known, each atom's at most so long. */
  Points step(const Points& gradient, double longest) const {
    const std::vector<double> stiffness(3 * gradient.size(), empty() ? 1 / kFirstMobility : stiffness_);
    const std::vector<double> step = lbfgs_.direction(numbersOf(gradient), stiffness);
    Points points(gradient.size());
    for (std::size_t i = 0; i < points.size(); ++i)
      points[i] = Point{step[3 * i], step[3 * i + 1], step[3 * i + 2]}.capped(longest);
    return points;
  }

 private:
  refine::Lbfgs lbfgs_{kMemory};
  double stiffness_ = 0;  ///< along the last step
};

/** Where a step leads that may not leave the region: what would lead out is left away, axis by axis. */
Point confined(const Region& region, const Point& from, const Point& step) {
  const Point to = from + step;
  if (region.holds(to)) return to;
  Point at = from;
  for (double Point::*axis : {&Point::x, &Point::y, &Point::z}) {
    Point next = at;
    next.*axis = to.*axis;
    if (region.holds(next)) at = next;
  }
  return at;
}

/** Share of the expected fall of the energy that a step must bring (Armijo). */
constexpr double kFall = 1e-4;
constexpr int kMostHalvings = 12;
/** Longest step of one atom, times the preferred distance. */
constexpr double kLongestStep = 0.25;

/** Goes along `direction`, less and less far, until the energy falls; leaves `state` alone when it never does. */
bool descend(const Landscape& landscape, const Points& direction, State& state) {
  State trial;
  trial.atoms.resize(state.atoms.size());
  double share = 1;
  for (int halving = 0; halving <= kMostHalvings; ++halving, share /= 2) {
    double expected = 0;
    for (std::size_t i = 0; i < trial.atoms.size(); ++i) {
      trial.atoms[i] = confined(landscape.region, state.atoms[i], direction[i] * share);
      expected += state.gradient[i].dot(trial.atoms[i] - state.atoms[i]);
    }
    if (!(expected < 0)) continue;
    evaluate(landscape, trial);
    if (!(trial.energy <= state.energy + kFall * expected)) continue;
    state = std::move(trial);
    return true;
  }
  return false;
}

}  // namespace

Course settle(const Landscape& landscape, double distance, int iterations, Points& atoms, const Control& control) {
  State state;
  state.atoms = std::move(atoms);
  evaluate(landscape, state);
  Course course;
  course.history.push_back(measure(landscape.region, distance, state, state.atoms));

  Memory memory;
  control.setTotal(iterations);
  for (int iteration = 0, quiet = 0; iteration < iterations; ++iteration) {
    control.throwIfCancelled();
    control.advance(1);
    const Points before = state.atoms;
    const Points gradient = state.gradient;
    bool moved = false;
    for (int attempt = memory.empty() ? 1 : 0; attempt < 2 && !moved; ++attempt) {
      if (attempt == 1) memory.clear();
      moved = descend(landscape, memory.step(state.gradient, kLongestStep * distance), state);
    }
    course.history.push_back(measure(landscape.region, distance, state, before));
    if (moved) memory.learn(difference(state.atoms, before), difference(state.gradient, gradient));
    const Moment& now = course.history.back();
    quiet = now.meanStep < kSettledStep * distance ? quiet + 1 : 0;
    course.settled = !moved || (quiet >= kSettledFor && now.closeContacts == 0) || quiet == kPressedFor;
    if (course.settled) break;
  }
  atoms = std::move(state.atoms);
  return course;
}

}  // namespace locscale::pseudo
