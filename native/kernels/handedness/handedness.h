#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::handedness {

/** Sums over the voxels of one block that lie in the mask. */
struct BlockSums {
  double turn = 0;  ///< cube roots of det(g, Hg, H²g)
  double size = 0;  ///< cube roots of |g| |Hg| |H²g|, which the first can at most reach
};

/**
 * Which way the density turns. With the gradient g and the matrix H of second derivatives, taken of the map blurred by
 * a Gaussian of `sigma` voxels, det(g, Hg, H²g) does not change when the map is rotated and changes its sign when it is
 * mirrored: the simplest such quantity of first and second derivatives. Its cube root grows with the density as the map
 * itself does, so that a few strong voxels do not outweigh all others.
 *
 * Blocks of `edge` voxels without any of the mask are left out; voxels beyond the box count as 0.
 */
std::vector<BlockSums> handedness(std::span<const float> map, std::span<const std::uint8_t> mask, const Shape& shape,
                                  double sigma, int edge, int threads, const Control& control);

}  // namespace locscale::handedness
