#pragma once

#include "kernels/audit/window_geometry.h"

// The windows of the audit, for the other loops over windows that tests and benchmarks run.

namespace locscale::oracle {

using audit::divideProfiles;
using audit::gainAt;
using audit::WindowGeometry;

/** Two maps on one grid; positions outside the box read as the fill values. */
struct Maps {
  std::span<const float> map, reference;
  float fillMap = 0, fillReference = 0;
  Shape shape;
};

/** Copies the window [c - h, c + h) around voxel `centre` (index into the box) into `window`. */
template <typename Real>
void cutWindow(std::span<const float> map, const Shape& shape, float fill, int w, std::size_t centre, Real* window) {
  const audit::Voxel at{static_cast<int>(centre / shape.section()), static_cast<int>(centre / shape.x % shape.y),
                        static_cast<int>(centre % shape.x)};
  audit::cutWindow(map, shape, fill, w, at, window);
}

}  // namespace locscale::oracle
