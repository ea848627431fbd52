#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/control.h"
#include "kernels/mask/noise.h"
#include "kernels/shape.h"

namespace locscale::mask {

struct ConfidenceSettings {
  std::vector<NoiseBox> boxes;
  /** Cut-off of the tanh low-pass before everything else, cycles per voxel; 0 for none. */
  double lowPass = 0;
  /** False discovery rate; voxels with a confidence of at least 1 - rate form the mask. */
  double rate = 0.01;
};

struct ConfidenceReport {
  Noise noise;
  /** Voxels of the ball, the only ones that are tested. */
  std::size_t ballVoxels = 0;
  std::size_t maskedVoxels = 0;
  /** Smallest value of the (filtered) map inside the mask; not a number when the mask is empty. */
  double mapThreshold = 0;
  /** Largest confidence of all voxels. */
  double highestConfidence = 0;
};

/**
 * Confidence map by control of the false discovery rate (Beckers, Jakobi & Sachse 2019), exactly as LocScale 2.3.1
 * computes it (scaling.md 6.1):
 *  - noise mean and variance from the boxes; t = (map - mean) / sd, in float unless the map was filtered;
 *  - right-sided normal p-values, 1 below the mean;
 *  - voxels of a ball only, on LocScale's grid of n points over a span of n, radius half the longest edge;
 *  - q-values of Benjamini & Yekutieli (2001) with its harmonic sum; confidence = 1 - q, 0 outside the ball.
 * `mask` gets 1 where the confidence is at least 1 - rate. Fails with `input.voxels` when the noise has no variance; an
 * empty mask is no failure here (`maskedVoxels`).
 * Memory beyond the arrays: 8 bytes per voxel that could be significant (a tenth of most maps); 16 more per voxel of
 * the map with a low-pass.
 */
ConfidenceReport confidenceMask(std::span<const float> map, const Shape& shape, const ConfidenceSettings& settings,
                                std::span<float> confidence, std::span<std::uint8_t> mask, int threads,
                                const Control& control);

}  // namespace locscale::mask
