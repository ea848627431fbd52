#pragma once

#include <cstdint>
#include <span>

#include "kernels/control.h"
#include "kernels/model/atoms.h"

namespace locscale::model {

/**
 * Sets to 1 every voxel whose centre lies within `radius` angstrom of an atom, all others to 0. The box has borders
 * here: nothing enters on the other side.
 */
void markNearAtoms(const Atoms& atoms, const Box& box, double radius, std::span<std::uint8_t> mask, int threads,
                   const Control& control);

}  // namespace locscale::model
