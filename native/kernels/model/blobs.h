#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "kernels/model/atoms.h"
#include "kernels/model/scattering.h"

namespace locscale::model {

/**
 * One atom as five Gaussians on a grid, rho(r) = sum of height[k] exp(-decay[k] r^2), cut at `radius`:
 *   height = occupancy a (4 pi / beta)^(3/2),  decay = 4 pi^2 / beta,  beta = b + B + blur  (adp-refinement.md 2).
 */
struct Blob {
  std::array<int, 3> voxel;     ///< nearest voxel (x, y, z); inside the box
  std::array<float, 3> offset;  ///< of the atom from its centre, angstrom
  std::array<float, kGaussians> height, decay;
  float radius;  ///< angstrom
};

struct Blobs {
  std::vector<Blob> list;
  std::size_t outside = 0;  ///< atoms (copies counted each) whose centre lies outside the box; they are left out
};

/** Voxels along one axis that a blob can reach from its nearest one. */
inline int reach(const Blob& blob, double voxelSize) noexcept { return static_cast<int>(blob.radius / voxelSize) + 1; }

/**
 * Places the atoms on the grid. A blob ends where its density falls below `cut` times its peak. Atoms without occupancy
 * are left out. All B + blur must be at least 0.
 */
Blobs makeBlobs(const Atoms& atoms, const Box& box, const Copies& copies, double blur, double cut = 1e-5);

}  // namespace locscale::model
