// The work on one tile, compiled once for every instruction set and chosen at run time (Highway dynamic dispatch).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "kernels/control.h"
#include "kernels/local_resolution/crossing.h"
#include "kernels/local_resolution/fsc_plan.h"
#include "kernels/scaling/bit_volume.h"
#include "kernels/scaling/tiles.h"

namespace locscale::local {

/** A half map as the kernel sees it: voxels in C order (z, y, x); windows never leave the box. */
struct HalfMap {
  const float* voxels = nullptr;
  /**
   * Lane tables, cos and sin of 2 pi k m / w times the taper at m, for k and m = 0 ... h - 1, and times a power of two
   * that brings the map near 1, so that squares neither overflow nor vanish.
   */
  std::vector<float> laneTables;
};

/** Everything the tiles of one call share; read-only while they run, but for the counters. */
struct FscJob {
  Shape shape;
  const FscPlan* plan = nullptr;
  HalfMap halves[2];
  const BitVolume* mask = nullptr;  ///< centres of windows
  CrossingRule rule;
  double emptyPower = 0;  ///< power of a window, summed over its shells, that counts as nothing
  float* resolution = nullptr;
  float* curves = nullptr;                           ///< null: not wanted
  const std::vector<size_t>* curveVoxels = nullptr;  ///< the same centres in rising order, for `curves`
};

/** Scratch of one thread, kept from tile to tile. */
class FscWorkspace {
 public:
  virtual ~FscWorkspace() = default;
};

std::unique_ptr<FscWorkspace> makeFscWorkspace(const FscJob& job);
/** Finds the local resolution at the mask voxels of one tile; polls `control` once a section. */
void fscTile(const FscJob& job, const Tile& tile, FscWorkspace& workspace, const Control& control);

}  // namespace locscale::local
