#include "kernels/pseudo_atoms/build.h"

#include <numbers>

#include "kernels/fail.h"
#include "kernels/pseudo_atoms/neighbour_cells.h"
#include "kernels/pseudo_atoms/kick.h"
#include "kernels/pseudo_atoms/locscale_steps.h"
#include "kernels/pseudo_atoms/map_field.h"
#include "kernels/pseudo_atoms/seeds.h"
#include "kernels/pseudo_atoms/settle.h"

namespace locscale::pseudo {
namespace {

/** Pull of the steepest place of the map, in units of the force between atoms: LocScale's. */
constexpr double kSteepestPull = 100;
/** Largest share of the volume that balls of the preferred distance may fill; at random no more than 0.38 fit in. */
constexpr double kFullest = 0.3;

void expectRoom(const Region& region, const BuildInput& input) {
  const double filled = static_cast<double>(input.atoms) * std::numbers::pi / 6 * std::pow(input.distance, 3) /
                        static_cast<double>(region.voxels().size());
  if (filled > kFullest)
    fail("input.parameter", input.atoms, " atoms at the preferred distance would fill ", std::lround(100 * filled),
         " % of the mask, at most ", std::lround(100 * kFullest),
         " % is possible; give a smaller distance, fewer atoms or a larger mask.");
}

}  // namespace

Built build(const BuildInput& input, const Control& control) {
  const auto& [map, mask, shape, threshold, count, distance, solver, iterations, seed, threads] = input;
  const Region region(mask, threshold, shape);
  if (region.voxels().empty())
    fail("input.voxels", "No voxel of the mask away from the faces of the box reaches ", threshold,
         "; give a mask that is 1 inside, or a lower threshold.");
  Random random(seed);
  Built built;
  switch (solver) {
    case Solver::kSettle: {
      expectRoom(region, input);
      built.atoms = spaced(region, count, distance, random, control);
      orderByPlace(built.atoms);
      const double slope = steepest(map, region);
      const Landscape landscape{map, region, slope > 0 ? kSteepestPull / slope : 0, PairPotential(distance), threads};
      built.course = settle(landscape, distance, iterations, built.atoms, control);
      break;
    }
    case Solver::kLocScaleSteps:
      built.atoms = inDifferentVoxels(region, count, random);
      orderByPlace(built.atoms);
      built.course = locscaleSteps({map, mask, region, distance, iterations, threads}, built.atoms, control);
      break;
    case Solver::kKick:
    case Solver::kLocScaleKick:
      if (solver == Solver::kKick) expectRoom(region, input);
      built.atoms = inDifferentVoxels(region, count, random);
      orderByPlace(built.atoms);
      built.course = kick({map, region, distance, iterations, threads, solver == Solver::kLocScaleKick}, built.atoms,
                          random, control);
  }
  built.nearest = nearestNeighbours(built.atoms, 3 * distance, threads);
  return built;
}

}  // namespace locscale::pseudo
