#pragma once

#include <cstddef>

namespace locscale {

/** Number of voxels along each axis of a C-ordered array: index = (z * ny + y) * nx + x, x fastest. */
struct Shape {
  int z = 0, y = 0, x = 0;

  constexpr std::size_t voxels() const noexcept { return section() * z; }
  constexpr std::size_t section() const noexcept { return static_cast<std::size_t>(y) * x; }
  /** Columns of the half spectrum of a real transform: x frequencies 0 ... floor(nx / 2). */
  constexpr int halfX() const noexcept { return x / 2 + 1; }
  /** Complex coefficients of one section of the half spectrum, stored as (z, y, halfX). */
  constexpr std::size_t halfSection() const noexcept { return static_cast<std::size_t>(y) * halfX(); }
  constexpr std::size_t halfSpectrum() const noexcept { return halfSection() * z; }
  constexpr bool operator==(const Shape&) const noexcept = default;
};

/** Signed frequency of array index i of a transform of length n: 0 ... n/2, then the negative ones. */
constexpr int signedIndex(int i, int n) noexcept { return 2 * i <= n ? i : i - n; }

}  // namespace locscale
