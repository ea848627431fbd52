#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "kernels/control.h"

namespace locscale::map {

struct Statistics {
  double min = 0, max = 0, mean = 0;
  /** Standard deviation about the mean (population), the RMS word of an MRC header. */
  double sd = 0;
  std::size_t zeros = 0;
  /** Voxels that are NaN or infinite; they enter none of the numbers above. */
  std::size_t nonFinite = 0;
  std::optional<std::size_t> firstNonFinite;
};

/** Statistics of all voxels, accumulated in double precision; the same for any number of threads. */
Statistics statistics(std::span<const float> voxels, int threads, const Control& control);

/** full = (half1 + half2) / 2 in float32, as LocScale makes the full map. */
void combineHalfMaps(std::span<const float> half1, std::span<const float> half2, std::span<float> full, int threads,
                     const Control& control);

}  // namespace locscale::map
