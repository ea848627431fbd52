#pragma once

#include <span>

#include "kernels/pseudo_atoms/region.h"

namespace locscale::pseudo {

/** The value of a map between its voxels, and how it changes there. */
struct MapValue {
  double value = 0;
  Point gradient;
};

/** A voxel by its indices. */
struct Voxel {
  int x, y, z;

  std::size_t index(const Shape& shape) const noexcept {
    return (static_cast<std::size_t>(z) * shape.y + y) * shape.x + x;
  }
};

/** Nearest voxel of the box, halves to the even one as NumPy rounds. */
Voxel nearestVoxel(const Point& p, const Shape& shape) noexcept;

/** Central differences of a map at a voxel, per voxel; at the faces of the box the one-sided ones. */
Point difference(std::span<const float> map, const Shape& shape, const Voxel& voxel) noexcept;

/** Length of the steepest difference in the region. */
double steepest(std::span<const float> map, const Region& region) noexcept;

/**
 * The map at a position in the region by cubic convolution (Keys 1981, a = -1/2). Its gradient has no jumps and is the
 * central difference at voxel centres: LocScale's field there, and a field with an energy in between.
 */
MapValue interpolate(std::span<const float> map, const Shape& shape, const Point& p) noexcept;

}  // namespace locscale::pseudo
