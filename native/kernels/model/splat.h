#pragma once

#include <cstdint>
#include <span>

#include "kernels/control.h"
#include "kernels/model/blobs.h"

namespace locscale::model {

/**
 * Adds every blob to the map, which is periodic: what leaves the box on one side enters on the other, so that Fourier
 * filters stay exact. Sections are shared out in slabs of fixed thickness, and each slab takes its blobs in their
 * order, so the result is the same to the bit for any number of threads.
 */
void splat(std::span<const Blob> blobs, const Box& box, std::span<float> map, int threads, const Control& control);

/** Units of progress that splat counts. */
std::int32_t splatUnits(const Shape& shape) noexcept;

}  // namespace locscale::model
