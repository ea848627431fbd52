#include "kernels/scaling/tile_kernel.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/scaling/tile_kernel.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
#include <hwy/aligned_allocator.h>

HWY_BEFORE_NAMESPACE();
namespace locscale::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int kMaxBins = 65;  ///< of the largest window, 128 voxels

#include "kernels/scaling/magnitude-inl.h"
#include "kernels/scaling/profile_stage-inl.h"
#include "kernels/scaling/turned_stage-inl.h"
#include "kernels/scaling/shell_stage-inl.h"
#include "kernels/scaling/slide_choice-inl.h"
#include "kernels/scaling/basis_stage-inl.h"
#include "kernels/scaling/factor_stage-inl.h"
#include "kernels/scaling/tile_workspace-inl.h"
#include "kernels/scaling/tile_run-inl.h"

#include "kernels/scaling/tile_lanes-inl.h"

int LanesOf(bool narrow) { return narrow ? kNarrowLanes : kWideLanes; }

TileWorkspace* MakeWorkspace(const ScalingJob& job, bool narrow) {
  if (narrow) return new Workspace<kNarrowLanes>(*job.plan);
  return new Workspace<kWideLanes>(*job.plan);
}

void ScaleTile(const ScalingJob& job, const Tile& tile, TileWorkspace& workspace, const Control& control, bool narrow) {
  if (narrow) {
    TileRun<kNarrowLanes>(job, tile, static_cast<Workspace<kNarrowLanes>&>(workspace)).run(control);
  } else {
    TileRun<kWideLanes>(job, tile, static_cast<Workspace<kWideLanes>&>(workspace)).run(control);
  }
}

}  // namespace locscale::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#if HWY_ARCH_X86
#include <cpuid.h>
#endif

namespace locscale {

HWY_EXPORT(LanesOf);
HWY_EXPORT(MakeWorkspace);
HWY_EXPORT(ScaleTile);

namespace {

// AMD family 19h (Zen 3 and 4) runs 512-bit operations in two halves, so twice the lanes cost twice the time and only
// waste more of them at the mask's edges.
bool splitsWideVectors() {
#if HWY_ARCH_X86
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return false;
  const unsigned family = ((eax >> 8) & 0xF) + ((eax >> 20) & 0xFF);
  return family == 0x19;
#else
  return false;
#endif
}

bool narrowLanes() {
  static const bool narrow = splitsWideVectors();
  return narrow;
}

const std::vector<std::pair<int64_t, std::string>>& compiledTargets() {
  static const auto targets = [] {
    std::vector<std::pair<int64_t, std::string>> list;
    for (int64_t bits = HWY_TARGETS; bits != 0; bits &= bits - 1) {
      const int64_t target = bits & -bits;
      list.emplace_back(target, hwy::TargetName(target));
    }
    return list;
  }();
  return targets;
}

}  // namespace

int tileLanes() { return HWY_DYNAMIC_DISPATCH(LanesOf)(narrowLanes()); }

std::string simdTarget() {
  const int64_t usable = hwy::SupportedTargets() & HWY_TARGETS;
  return hwy::TargetName(usable & -usable);
}

std::vector<std::string> simdTargets() {
  std::vector<std::string> names;
  for (const auto& [target, name] : compiledTargets()) {
    if ((hwy::SupportedTargets() & target) != 0) names.push_back(name);
  }
  return names;
}

bool restrictSimdTarget(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);
  bool found = name.empty();
  for (const auto& [target, targetName] : compiledTargets()) {
    if (targetName != name || (hwy::SupportedTargets() & target) == 0) continue;
    hwy::SetSupportedTargetsForTest(target);
    found = true;
    break;
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return found;
}

std::unique_ptr<TileWorkspace> makeTileWorkspace(const ScalingJob& job) {
  return std::unique_ptr<TileWorkspace>(HWY_DYNAMIC_DISPATCH(MakeWorkspace)(job, narrowLanes()));
}

void scaleTile(const ScalingJob& job, const Tile& tile, TileWorkspace& workspace, const Control& control) {
  HWY_DYNAMIC_DISPATCH(ScaleTile)(job, tile, workspace, control, narrowLanes());
}

}  // namespace locscale
#endif
