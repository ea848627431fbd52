#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::context {

struct SubtractSettings {
  /** Voxels of the probability map of at least this are context. */
  float threshold = 0.5f;
  /** Edge of the cube over which the binary mask is averaged, voxels; 1 leaves it binary. An even s covers -s/2 ...
   * s/2-1. */
  int smoothing = 5;
  /** Only the largest component (voxels that share faces) is context. */
  bool largest = true;
  /** Keep the context and remove everything else. */
  bool inverse = false;
};

struct SubtractReport {
  /** Voxels of each component, the largest first. */
  std::vector<std::size_t> components;
  /** Voxels of the components that are taken as context. */
  std::size_t contextVoxels = 0;
};

/**
 * cleaned = target * (1 - s), or target * s for the inverse, where s is the binary mask of the context averaged over a
 * cube; the mask is mirrored at the faces of the box (half-sample symmetric, SciPy's "reflect"). Where s is 0 the
 * target comes through bit for bit. `smooth` gets s, or is empty. The same for any number of threads.
 */
SubtractReport subtract(std::span<const float> probability, std::span<const float> target, const Shape& shape,
                        const SubtractSettings& settings, std::span<float> cleaned, std::span<float> smooth,
                        int threads, const Control& control);

}  // namespace locscale::context
