// Local resolution: FSC of two half maps in a window around every mask voxel, without windows.
#pragma once

#include <cstdint>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::local {

struct LocalResolutionInput {
  Shape shape;  ///< of both half maps and of the mask
  const float* half1 = nullptr;
  const float* half2 = nullptr;
  const uint8_t* mask = nullptr;  ///< nonzero: a voxel of interest
  int window = 0;                 ///< edge of the window in voxels, even, 8..128, not above the box's
  double voxelSize = 0;           ///< angstrom
  double threshold = 0;           ///< of the FSC
  int threads = 1;
};

struct LocalResolutionOutput {
  /** Angstrom, zero-filled by the caller: stays 0 outside the mask and where the window is empty. */
  float* resolution = nullptr;
  /** FSC of shells 0 ... h - 1 of each mask voxel in the order of the voxels, or null. */
  float* curves = nullptr;
};

struct LocalResolutionReport {
  int64_t voxels = 0;         ///< mask voxels
  int64_t emptyWindows = 0;   ///< those whose window holds nothing in one half map
  int64_t beyondNyquist = 0;  ///< those whose FSC never falls below the threshold: they get two voxels
  int64_t unresolved = 0;     ///< those whose FSC is below it from the first shell on: they get the lowest value
};

/**
 * Resolution at which the FSC of the windows around a voxel first falls below the threshold, interpolated linearly
 * between shells; shell r stands for (r + 1/2) / (w a), as in the global FSC. Windows, taper and shells: fsc_plan.h.
 * A window that would leave the box is moved until it fits: values made up beyond the box would be the same in both
 * half maps, and correlate.
 * The search begins with shell kFirstShell (crossing.h). A window is empty when the tapered values of one half map have
 * a root mean square below 1e-6 of its largest value. Units of the control block are rows of tiles. The same to the bit
 * for any number of threads. Memory beyond the arguments: 1.2 bytes per voxel and 10-60 MB per thread. Fails with
 * `input.voxels` on values that are not finite and with `input.parameter` on a window out of range.
 */
LocalResolutionReport localResolution(const LocalResolutionInput& input, const LocalResolutionOutput& output,
                                      const Control& control);

}  // namespace locscale::local
