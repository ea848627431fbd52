#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::map {

/**
 * Value that exactly `count` voxels reach (more only where values are equal): the contour level that encloses them.
 * `count` from 1 to the number of voxels. Takes a copy of the map.
 */
float contourLevel(std::span<const float> voxels, std::size_t count);

struct Surface {
  /** Å² (or the square of whatever unit the spacing has). */
  double area = 0;
  /** Voxels at or above the level. */
  std::size_t enclosed = 0;
  /** Pieces of them that touch nowhere; voxels that share a face, an edge or a corner belong together. */
  std::size_t regions = 0;
};

/**
 * The surface where a map has the value `level`. Area by marching tetrahedra: every cell between eight voxels is cut
 * into six tetrahedra around the diagonal from its first to its last corner (Kuhn 1960), alike in all cells so that
 * faces meet, and the map is linear in each, so the surface in it is a triangle or two. No surface is drawn along the
 * faces of the box. `spacing` is (z, y, x). The same for any number of threads. Memory beyond the map: 4 bytes a voxel
 * row and thread, and 12 bytes for each run of enclosed voxels.
 */
Surface surface(std::span<const float> voxels, const Shape& shape, const std::array<double, 3>& spacing, float level,
                int threads, const Control& control);

}  // namespace locscale::map
