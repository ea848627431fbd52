// Smoothing of a map of local resolutions.
#pragma once

#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::local {

/**
 * Each value above 0 becomes the mean of the values above 0 around it, weighted by a cubic B-spline along each axis
 * whose knots lie `spacing` voxels apart (so it reaches 2 `spacing` voxels); 0 stays 0 and takes no part. Memory beyond
 * the arrays: 4 bytes per voxel.
 */
void smoothByBSpline(std::span<const float> values, const Shape& shape, double spacing, std::span<float> smooth,
                     int threads, const Control& control);

}  // namespace locscale::local
