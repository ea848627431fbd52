#pragma once

#include <span>
#include <vector>

#include "kernels/pseudo_atoms/pair_potential.h"
#include "kernels/pseudo_atoms/region.h"

namespace locscale::pseudo {

/** What the atoms settle in: a map that pulls them up, and each other. */
struct Landscape {
  std::span<const float> map;
  const Region& region;
  double mapWeight;  ///< times the map: its steepest place then pulls with 100
  PairPotential pairs;
  int threads;
};

/** The energy of all atoms, and what each of them feels. */
struct State {
  std::vector<Point> atoms, gradient;
  double energy = 0;
  std::vector<double> nearest;  ///< distance to the nearest neighbour; infinity beyond the reach of the potential
  double meanMap = 0;
};

/** Fills in what follows from `state.atoms`, all of which lie in the region. The same for any number of threads. */
void evaluate(const Landscape& landscape, State& state);

}  // namespace locscale::pseudo
