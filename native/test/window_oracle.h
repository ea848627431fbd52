#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "test/window_geometry.h"

namespace locscale::oracle {

/** What the loop over windows finds; the profiles and factors are (voxel, bin) arrays. */
struct OracleResult {
  std::vector<double> values;
  std::vector<double> mapProfiles, referenceProfiles, scaleFactors;
};

/**
 * LocScale's scaling in the atomic form, the straightforward way and in double precision: for every voxel two window
 * transforms, their profiles, the ratio, the filtered value at the centre. About a thousand times slower than
 * the kernel that it judges.
 */
OracleResult scaleWindows(const Maps& maps, int window, Profile profile, std::span<const std::uint32_t> voxels,
                          int threads);

}  // namespace locscale::oracle
