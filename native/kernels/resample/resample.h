#pragma once

#include <array>
#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::resample {

/**
 * Fourier resampling: the centred full spectrum of `map` is cut, or filled up with zeros, to the target's shape and
 * transformed back; the box keeps its size in angstrom and voxel [0,0,0] its place. A coefficient at the Nyquist
 * frequency of an even edge stands for both signs, so the real part of the transform is meant (scaling.md 11). Values
 * keep their scale: LocScale's own are larger by the ratio of the numbers of voxels, old over new. Memory beyond the
 * arrays: 8 bytes per voxel of the map, 16 per voxel of the target.
 */
void fourierResample(std::span<const float> map, const Shape& shape, std::span<float> target, const Shape& targetShape,
                     int threads, const Control& control);

/** What stands beyond the last voxel: the value at the edge, or 0. */
enum class Outside { edge, zero };

/**
 * Spline interpolation of order 1 or 2 (prefiltered, mirrored about the outermost voxels, as SciPy's `zoom` does it):
 * voxel i of the target is the map at i * step, steps (z, y, x) in voxels of the map.
 * Memory beyond the arrays: 8 bytes per voxel of the map.
 */
void splineResample(std::span<const float> map, const Shape& shape, int order, const std::array<double, 3>& step,
                    Outside outside, std::span<float> target, const Shape& targetShape, int threads,
                    const Control& control);

}  // namespace locscale::resample
