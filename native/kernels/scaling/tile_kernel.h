// The work on one tile, compiled once for every instruction set and chosen at run time (Highway dynamic dispatch).
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "kernels/control.h"
#include "kernels/scaling/bit_volume.h"
#include "kernels/scaling/scale_factors.h"
#include "kernels/scaling/tiles.h"
#include "kernels/scaling/window_plan.h"

namespace locscale {

/// A map as the kernels see it: voxels in C order (z, y, x); positions outside the box read as `fill`.
struct MapView {
  const float* voxels = nullptr;
  float fill = 0;
  /// x-stage twiddles (bins * w pairs) times a power of two that brings the map near 1, so that squares neither
  /// overflow nor vanish; `unit` is the inverse of that power.
  std::vector<float> laneTwiddles;
  float unit = 1;
};

/// Everything the tiles of one call share; read-only while they run.
struct ScalingJob {
  Shape shape;
  const WindowPlan* plan = nullptr;
  MapView map, reference;
  const BitVolume* mask = nullptr;
  /// Voxels whose window holds a non-zero value; null when every window does.
  const BitVolume* mapSignal = nullptr;
  const BitVolume* referenceSignal = nullptr;
  const ScaleFactorRule* rule = nullptr;
  const BitVolume* difference = nullptr;  ///< hybrid form: voxels that take the theoretical form
  const float* cutoffs = nullptr;         ///< highest resolution of each voxel, angstrom, 0: no end; null: none has one
  float cellEdge = 0;                     ///< window times voxel size, angstrom; only with cutoffs
  float* scaled = nullptr;                ///< zero-filled by the caller, as are the next two
  float* bfactors = nullptr;              ///< null: not wanted
  float* qualities = nullptr;
  std::atomic<int32_t>* failedFits = nullptr;  ///< one count for each slab
};

/// Scratch of one thread; grows on first use and is kept from tile to tile.
class TileWorkspace {
 public:
  virtual ~TileWorkspace() = default;
};

/// Vector width in voxels of the instruction set in use; tiles are cut to it.
int tileLanes();
/// Name of the instruction set in use, e.g. "AVX3", and of all that were compiled in.
std::string simdTarget();
std::vector<std::string> simdTargets();
/// Restricts the choice to one compiled target (tests and benchmarks); an empty name lifts the restriction.
/// Returns false when this processor or build does not have it.
bool restrictSimdTarget(const std::string& name);

std::unique_ptr<TileWorkspace> makeTileWorkspace(const ScalingJob& job);
/// Scales the mask voxels of one tile; polls `control` once a section and throws when it says stop.
void scaleTile(const ScalingJob& job, const Tile& tile, TileWorkspace& workspace, const Control& control);

}  // namespace locscale
