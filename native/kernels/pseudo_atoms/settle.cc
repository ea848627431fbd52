#include "kernels/pseudo_atoms/settle.h"

#include <algorithm>
#include <deque>

#include "kernels/pseudo_atoms/measure.h"

namespace locscale::pseudo {
namespace {

using Points = std::vector<Point>;

double dot(const Points& a, const Points& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i].dot(b[i]);
  return sum;
}

/** Steps so far and how the gradient changed over each: what L-BFGS knows of the curvature. */
class Memory {
 public:
  bool empty() const { return pairs_.empty(); }
  void clear() { pairs_.clear(); }

  void add(Points&& step, Points&& change) {
    const double curvature = dot(step, change);
    const double own = dot(change, change);
    if (!(curvature > 1e-10 * own)) return;
    if (pairs_.size() == kMost) pairs_.pop_front();
    pairs_.push_back({std::move(step), std::move(change), 1 / curvature, curvature / own});
  }

  /** The step that would lead to the minimum if the curvature were what the memory says. */
  Points step(const Points& gradient) const {
    Points q = gradient;
    std::vector<double> alphas(pairs_.size());
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      alphas[k] = pairs_[k].rho * dot(pairs_[k].step, q);
      addTo(q, pairs_[k].change, -alphas[k]);
    }
    const double scale = pairs_.empty() ? kFirstMobility : pairs_.back().scale;
    for (Point& p : q) p = p * scale;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      const double beta = pairs_[k].rho * dot(pairs_[k].change, q);
      addTo(q, pairs_[k].step, alphas[k] - beta);
    }
    for (Point& p : q) p = p * -1;
    return q;
  }

 private:
  static constexpr std::size_t kMost = 10;
  /** Voxels a unit of force: what an iteration of LocScale's stepping moves. */
  static constexpr double kFirstMobility = 0.01;

  struct Pair {
    Points step, change;
    double rho, scale;
  };

  static void addTo(Points& sum, const Points& term, double factor) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += term[i] * factor;
  }

  std::deque<Pair> pairs_;
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
      Points direction = memory.step(state.gradient);
      for (Point& step : direction) step = step.capped(kLongestStep * distance);
      moved = descend(landscape, direction, state);
    }
    course.history.push_back(measure(landscape.region, distance, state, before));
    if (moved) {
      Points step(before.size()), change(before.size());
      for (std::size_t i = 0; i < before.size(); ++i) {
        step[i] = state.atoms[i] - before[i];
        change[i] = state.gradient[i] - gradient[i];
      }
      memory.add(std::move(step), std::move(change));
    }
    quiet = course.history.back().meanStep < kSettledStep * distance ? quiet + 1 : 0;
    course.settled = !moved || quiet == kSettledFor;
    if (course.settled) break;
  }
  atoms = std::move(state.atoms);
  return course;
}

}  // namespace locscale::pseudo
