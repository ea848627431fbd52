#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::context {

/** Voxels [begin, end) of one row along x that reach the threshold. */
struct Run {
  std::int32_t begin, end;
};

/** First and last voxel of a component on each axis, as [begin, end). */
struct Box {
  int z0, z1, y0, y1, x0, x1;
};

struct Component {
  std::size_t voxels = 0;
  Box box{};
};

/** Voxels that reach a threshold, as runs along x, row by row, and which of them hang together. */
struct Components {
  std::vector<Run> runs;
  /** First run of each row (z * ny + y); one more entry at the end. */
  std::vector<std::uint32_t> rows;
  /** For each run its component. */
  std::vector<std::uint32_t> of;
  /** The largest first; of equal ones that whose first voxel comes first. */
  std::vector<Component> components;
};

/**
 * Finds what reaches the threshold (>=; a value that is not a number never does) and divides it into components whose
 * voxels share faces. The same for any number of threads. Memory: 12 bytes a run; a noisy map has at most one run for
 * two voxels.
 */
Components findComponents(std::span<const float> map, const Shape& shape, float threshold, int threads,
                          const Control& control);

}  // namespace locscale::context
