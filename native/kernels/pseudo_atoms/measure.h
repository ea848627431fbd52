#pragma once

#include <span>
#include <vector>

#include "kernels/pseudo_atoms/energy.h"
#include "kernels/pseudo_atoms/history.h"

namespace locscale::pseudo {

/** What is reported of a state; `before` is where the atoms were. */
Moment measure(const Region& region, double distance, const State& state, std::span<const Point> before);

/** The same for atoms of which only the positions are known: no energy, and the map at the nearest voxel. */
Moment measure(std::span<const float> map, const Region& region, double distance, int threads,
               const std::vector<Point>& atoms, std::span<const Point> before);

}  // namespace locscale::pseudo
