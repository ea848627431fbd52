#pragma once

#include <cstdint>
#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::fsc {

/**
 * Replaces the phases of all coefficients from shell `firstShell` of `Shells` on by random ones and keeps their
 * amplitudes: what is left of the FSC of two such maps under a mask is the mask's doing (Chen et al., Ultramicroscopy
 * 135, 24, 2013). Each phase is a hash of the seed and of the coefficient's place, so that the same seed gives the same
 * map for any number of threads. Coefficients that are their own conjugates stay as they are. Double precision; memory
 * beyond the arrays: 16 bytes per voxel.
 */
void randomisePhases(std::span<const float> map, const Shape& shape, int firstShell, std::uint32_t seed,
                     std::span<float> randomised, int threads, const Control& control);

}  // namespace locscale::fsc
