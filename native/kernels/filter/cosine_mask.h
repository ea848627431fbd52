#pragma once

#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::filter {

/**
 * Soft-edged mask (scaling.md 11): the mask convolved along each axis with sin(pi (i + 1/2) / length), i = 0 ...
 * length-1, nothing outside the box, and divided by its maximum. An even length reaches one voxel further towards
 * lower indices than towards higher ones. Fails with `input.voxels` when nothing in the mask is above 0.
 * Memory beyond the arrays: 8 bytes per voxel.
 */
void cosineMask(std::span<const float> mask, const Shape& shape, int length, std::span<float> soft, int threads,
                const Control& control);

}  // namespace locscale::filter
