#pragma once

#include <cmath>

namespace locscale::pseudo {

/** A position, a step or a force; (x, y, z) in voxels, the centre of voxel [0,0,0] at the origin. */
struct Point {
  double x = 0, y = 0, z = 0;

  constexpr Point operator+(const Point& o) const noexcept { return {x + o.x, y + o.y, z + o.z}; }
  constexpr Point operator-(const Point& o) const noexcept { return {x - o.x, y - o.y, z - o.z}; }
  constexpr Point operator*(double f) const noexcept { return {x * f, y * f, z * f}; }
  constexpr Point& operator+=(const Point& o) noexcept { return *this = *this + o; }
  constexpr double dot(const Point& o) const noexcept { return x * o.x + y * o.y + z * o.z; }
  double length() const noexcept { return std::sqrt(dot(*this)); }
  /** The same direction, at most `most` long. */
  Point capped(double most) const noexcept {
    const double own = length();
    return own > most ? *this * (most / own) : *this;
  }
};

}  // namespace locscale::pseudo
