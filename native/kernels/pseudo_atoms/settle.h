#pragma once

#include "kernels/control.h"
#include "kernels/pseudo_atoms/energy.h"
#include "kernels/pseudo_atoms/history.h"

namespace locscale::pseudo {

/**
 * Moves atoms downhill (L-BFGS, Nocedal 1980) until they stay where they are or `iterations` are used up. The energy
 * falls with every iteration, no atom leaves the region. Settled: the mean step stays below `kSettledStep` times the
 * preferred distance for `kSettledFor` iterations, and no two atoms are nearer than that distance; or, where the map
 * presses them together for good, for `kPressedFor` iterations.
 */
Course settle(const Landscape& landscape, double distance, int iterations, std::vector<Point>& atoms,
              const Control& control);

constexpr double kSettledStep = 2e-3;
constexpr int kSettledFor = 5, kPressedFor = 50;

}  // namespace locscale::pseudo
