#include "kernels/local_resolution/fsc_tile.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <vector>

#include "kernels/scaling/tile_kernel.h"

#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/local_resolution/fsc_tile.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/aligned_allocator.h>

HWY_BEFORE_NAMESPACE();
namespace locscale::local::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int kMostShells = 64;  ///< of the largest window, 128 voxels

#include "kernels/local_resolution/window_slide-inl.h"
#include "kernels/local_resolution/fsc_workspace-inl.h"
#include "kernels/local_resolution/fsc_tile_run-inl.h"

#include "kernels/scaling/tile_lanes-inl.h"

FscWorkspace* MakeWorkspace(const FscJob& job, int lanes) {
  if (lanes == kNarrowLanes) return new Workspace<kNarrowLanes>(*job.plan);
  return new Workspace<kWideLanes>(*job.plan);
}

void FscTile(const FscJob& job, const Tile& tile, FscWorkspace& workspace, const Control& control, int lanes) {
  if (lanes == kNarrowLanes) {
    TileRun<kNarrowLanes>(job, tile, static_cast<Workspace<kNarrowLanes>&>(workspace)).run(control);
  } else {
    TileRun<kWideLanes>(job, tile, static_cast<Workspace<kWideLanes>&>(workspace)).run(control);
  }
}

}  // namespace locscale::local::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locscale::local {

HWY_EXPORT(MakeWorkspace);
HWY_EXPORT(FscTile);

std::unique_ptr<FscWorkspace> makeFscWorkspace(const FscJob& job) {
  return std::unique_ptr<FscWorkspace>(HWY_DYNAMIC_DISPATCH(MakeWorkspace)(job, tileLanes()));
}

void fscTile(const FscJob& job, const Tile& tile, FscWorkspace& workspace, const Control& control) {
  HWY_DYNAMIC_DISPATCH(FscTile)(job, tile, workspace, control, tileLanes());
}

}  // namespace locscale::local
#endif
