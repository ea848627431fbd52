#include "kernels/pseudo_atoms/kick.h"

#include <algorithm>

#include "kernels/pseudo_atoms/neighbour_cells.h"
#include "kernels/pseudo_atoms/measure.h"

namespace locscale::pseudo {
namespace {

/** Iterations without a kick after which there will be none; a start without one is enough, too. */
constexpr int kCalmFor = 3;

}  // namespace

Course kick(const Kicks& task, std::vector<Point>& atoms, Random& random, const Control& control) {
  Course course;
  const auto look = [&](const std::vector<Point>& before) {
    course.history.push_back(measure(task.map, task.region, task.distance, task.threads, atoms, before));
  };
  look(atoms);
  control.setTotal(task.iterations);
  for (int iteration = 0, calm = 0; iteration < task.iterations && !course.settled; ++iteration) {
    control.throwIfCancelled();
    const std::vector<Point> before = atoms;
    const std::vector<double> nearest = nearestNeighbours(atoms, task.distance, task.threads);
    std::size_t kicked = 0;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (nearest[i] > task.distance) continue;
      ++kicked;
      const double x = random.within(1), y = random.within(1), z = random.within(1);
      const Point to = atoms[i] + Point{x, y, z};
      if (task.mayLeave || task.region.holds(to)) atoms[i] = to;
    }
    calm = kicked == 0 ? calm + 1 : 0;
    course.settled = calm >= std::min(kCalmFor, iteration + 1);
    look(before);
    control.advance(1);
  }
  return course;
}

}  // namespace locscale::pseudo
