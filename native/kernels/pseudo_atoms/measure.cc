#include "kernels/pseudo_atoms/measure.h"

#include <algorithm>
#include <limits>

#include "kernels/pseudo_atoms/neighbour_cells.h"
#include "kernels/pseudo_atoms/map_field.h"

namespace locscale::pseudo {

Moment measure(const Region& region, double distance, const State& state, std::span<const Point> before) {
  Moment moment;
  const double count = static_cast<double>(state.atoms.size());
  for (std::size_t i = 0; i < state.atoms.size(); ++i) {
    moment.meanStep += (state.atoms[i] - before[i]).length() / count;
    moment.closeContacts += state.nearest[i] < distance;
    moment.inside += region.holds(state.atoms[i]);
  }
  std::vector<double> nearest = state.nearest;
  const auto middle = nearest.begin() + static_cast<std::ptrdiff_t>(nearest.size() / 2);
  std::nth_element(nearest.begin(), middle, nearest.end());
  moment.medianNeighbour = *middle;
  moment.energy = state.energy;
  moment.meanMap = state.meanMap;
  return moment;
}

Moment measure(std::span<const float> map, const Region& region, double distance, int threads,
               const std::vector<Point>& atoms, std::span<const Point> before) {
  State state;
  state.atoms = atoms;
  state.nearest = nearestNeighbours(atoms, PairPotential(distance).reach(), threads);
  state.energy = std::numeric_limits<double>::quiet_NaN();
  const Shape& shape = region.shape();
  for (const Point& p : atoms)
    state.meanMap += map[nearestVoxel(p, shape).index(shape)] / static_cast<double>(atoms.size());
  return measure(region, distance, state, before);
}

}  // namespace locscale::pseudo
