#include "kernels/pseudo_atoms/energy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/pseudo_atoms/blocks.h"
#include "kernels/pseudo_atoms/neighbour_cells.h"
#include "kernels/pseudo_atoms/map_field.h"

namespace locscale::pseudo {

void evaluate(const Landscape& landscape, State& state) {
  const auto& [map, region, mapWeight, pairs, threads] = landscape;
  const std::size_t count = state.atoms.size();
  const double reach = pairs.reach();
  state.gradient.resize(count);
  state.nearest.resize(count);
  std::vector<double> values(count);

  const NeighbourCells cells(state.atoms, reach);
  state.energy = sumOverAtoms(count, threads, [&](std::size_t i) {
    const Point p = state.atoms[i];
    const MapValue here = interpolate(map, region.shape(), p);
    Point gradient = here.gradient * -mapWeight;
    double both = 0, least = std::numeric_limits<double>::infinity();
    cells.near(p, [&](std::uint32_t j, const Point& q) {
      const Point d = p - q;
      const double square = d.dot(d);
      // Two atoms in one place would know no way apart; it takes a coincidence of all bits.
      if (square > reach * reach || j == i || square == 0) return;
      const PairPotential::Value v = pairs.at(square);
      both += v.energy;
      gradient += d * v.pull;
      least = std::min(least, square);
    });
    values[i] = here.value;
    state.gradient[i] = gradient;
    state.nearest[i] = std::sqrt(least);
    return 0.5 * both - mapWeight * here.value;
  });
  state.meanMap = sumOverAtoms(count, threads, [&](std::size_t i) { return values[i]; }) / static_cast<double>(count);
}

}  // namespace locscale::pseudo
