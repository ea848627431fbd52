#pragma once

#include <span>

#include "kernels/control.h"
#include "kernels/model/blobs.h"

namespace locscale::refine {

/**
 * What a change of each B-factor does to a function of the density: slopes[i] = sum over voxels of
 * map(r) d rho_i(r) / dB_i, where `map` is the function's derivative by the density. The twin of model::splat: same
 * blobs, same cut, same periodic box. Each atom is summed by itself, so the result does not depend on the threads.
 */
void gather(std::span<const model::Blob> blobs, const model::Box& box, std::span<const float> map,
            std::span<double> slopes, int threads, const Control& control);

}  // namespace locscale::refine
