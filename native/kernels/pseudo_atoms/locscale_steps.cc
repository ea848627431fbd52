#include "kernels/pseudo_atoms/locscale_steps.h"

#include <algorithm>

#include "kernels/pseudo_atoms/blocks.h"
#include "kernels/pseudo_atoms/neighbour_cells.h"
#include "kernels/pseudo_atoms/map_field.h"
#include "kernels/pseudo_atoms/measure.h"

namespace locscale::pseudo {
namespace {

constexpr double kTimeStep = 0.1, kFriction = 10, kStrongest = 100, kReach = 3;

/** 100 over the steepest place, each difference times the mask there, rounded: LocScale keeps a whole number. */
double mapWeight(const LocScaleSteps& task) {
  const Shape& shape = task.region.shape();
  double most = 0;
  for (Voxel v{0, 0, 0}; v.z < shape.z; ++v.z)
    for (v.y = 0; v.y < shape.y; ++v.y)
      for (v.x = 0; v.x < shape.x; ++v.x) {
        const double weight = task.mask[v.index(shape)];
        if (weight > 0) most = std::max(most, weight * difference(task.map, shape, v).length());
      }
  return most > 0 ? std::nearbyint(kStrongest / most) : 0;
}

/** Lennard-Jones force of all neighbours on one atom; its potential has its minimum -1 at `distance`. */
Point push(const NeighbourCells& cells, const Point& p, std::size_t atom, double distance) {
  const double d6 = std::pow(distance, 6), reach = kReach * distance;
  Point force;
  cells.near(p, [&](std::uint32_t j, const Point& q) {
    const Point away = p - q;
    const double square = away.dot(away);
    if (j == atom || square > reach * reach || square == 0) return;
    const double r = std::sqrt(square), r6 = square * square * square;
    force += away * (-12 * d6 * (r6 - d6) / (r6 * r6 * r) / r);
  });
  return force;
}

}  // namespace

Course locscaleSteps(const LocScaleSteps& task, std::vector<Point>& atoms, const Control& control) {
  const double weight = mapWeight(task);
  const Shape& shape = task.region.shape();
  std::vector<Point> before = atoms, next(atoms.size()), velocity(atoms.size());
  Course course;
  const auto look = [&](const std::vector<Point>& earlier) {
    return measure(task.map, task.region, task.distance, task.threads, atoms, earlier);
  };
  course.history.push_back(look(atoms));
  control.setTotal(task.iterations);
  for (int iteration = 0; iteration < task.iterations; ++iteration) {
    control.throwIfCancelled();
    const NeighbourCells cells(atoms, kReach * task.distance);
    overAtoms(atoms.size(), task.threads, [&](std::size_t i) {
      const Point p = atoms[i];
      const Point pull = difference(task.map, shape, nearestVoxel(p, shape)) * weight;
      const Point force = pull.capped(kStrongest) + push(cells, p, i, task.distance).capped(kStrongest);
      const Point acceleration = force - velocity[i] * kFriction;
      if (iteration == 0) {
        velocity[i] = acceleration * kTimeStep;
        next[i] = p + velocity[i] * kTimeStep;
      } else {
        next[i] = p * 2 - before[i] + acceleration * (kTimeStep * kTimeStep);
        velocity[i] = (next[i] - before[i]) * (1 / (2 * kTimeStep));
      }
    });
    before.swap(atoms);
    atoms.swap(next);
    course.history.push_back(look(before));
    control.advance(1);
  }
  return course;
}

}  // namespace locscale::pseudo
