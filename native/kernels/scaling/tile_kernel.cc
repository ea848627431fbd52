#include "kernels/scaling/tile_kernel.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

// Targets that would only repeat another one for this float-only code are left out to halve the compile time; sizeless
// vector targets (SVE, RISC-V) cannot hold accumulators in arrays.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/scaling/tile_kernel.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
#include <hwy/aligned_allocator.h>

#ifndef LOCSCALE_UNROLL
#define LOCSCALE_PRAGMA(x) _Pragma(#x)
#if defined(__clang__)
#define LOCSCALE_UNROLL(n) LOCSCALE_PRAGMA(clang loop unroll(full))
#else
#define LOCSCALE_UNROLL(n) LOCSCALE_PRAGMA(GCC unroll n)
#endif
#endif

HWY_BEFORE_NAMESPACE();
namespace locscale::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int kMaxBins = 128;  ///< of the largest window, 254 voxels

#include "kernels/scaling/profile_stage-inl.h"
#include "kernels/scaling/basis_stage-inl.h"
#include "kernels/scaling/factor_stage-inl.h"

/// Half-open range of rows.
struct Span {
  int first, end;
};

/// Rows of the state are handled in blocks of this many, each alive from the first to the last section that needs it.
constexpr int kRowBlock = 8;
/// Rows of the map are fetched this far ahead: a memory access takes about as long as the lane stage of a few rows.
constexpr int kPrefetchRows = 6;
/// Sections that the map's state goes through before the reference's takes its turn: the states of both together do not
/// fit into the second-level cache, one of them nearly does.
constexpr int kSectionGroup = 8;
/// Masked rows further apart than this start a new slide; a shorter gap is cheaper to slide over than to restart after.
constexpr int kJoinGap = 6;

template <int kLanes>
class Workspace final : public TileWorkspace {
 public:
  using Buffer = hwy::AlignedFreeUniquePtr<float[]>;

  explicit Workspace(const WindowPlan& plan)
      : basisStage(plan),
        rows(kInnerRows + plan.window + kMaxPositions),
        lineStride(strideFor(static_cast<size_t>(rows) * 2 * kLanes)),
        binStride(static_cast<size_t>(kInnerRows) * kLanes),
        streamStride(strideFor(static_cast<size_t>(rows) * kLanes)),
        rowLength(static_cast<size_t>(kLanes) * ((plan.window + 2 * kLanes - 1) / kLanes)),
        sectionStride(rows * rowLength),
        profileStride(plan.bins * binStride),
        mapSections(make((plan.window + kSectionGroup) * sectionStride)),
        referenceSections(make((plan.window + kSectionGroup) * sectionStride)),
        mapState(make(plan.lines.size() * lineStride)),
        referenceState(make(plan.lines.size() * lineStride)),
        lane(make(plan.bins * lineStride)),
        mapProfile(make(kSectionGroup * profileStride)),
        referenceProfile(make(kSectionGroup * profileStride)),
        folded(make(static_cast<size_t>(4) * kLanes * plan.half)),
        even(make(static_cast<size_t>(plan.bins) * kLanes)),
        odd(make(static_cast<size_t>(plan.bins) * kLanes)),
        difference(make(rowLength)),
        sectionPairs(make(plan.bins * rowLength)),
        streams(make((plan.streams + 1) * streamStride)),
        sums(make(static_cast<size_t>(kOrbitChunk) * kMaxPositions * kLanes)),
        total(make(static_cast<size_t>(kMaxPositions) * kLanes)),
        basis(make(basisStage.paddedBins() * kMaxPositions * kLanes)),
        factors(make(static_cast<size_t>(plan.bins) * kLanes)),
        kernel(make(plan.orbits.size() * basisStage.paddedBins())) {
    for (size_t o = 0; o < plan.orbits.size(); o++) {
      std::copy_n(plan.basis.data() + o * (plan.half - 1), plan.half - 1, kernel.get() + o * basisStage.paddedBins());
    }
    const int zeros = plan.streams * static_cast<int>(streamStride);
    const auto offset = [&](int stream, int row) { return stream * static_cast<int>(streamStride) + row * kLanes; };
    for (const Orbit& orbit : plan.orbits) {
      for (int t = 0; t < orbit.termCount; t++) {
        const auto [stream, c] = orbit.terms[t];
        // Streams start h rows before the voxel's row; distance 0 and the unpaired -h have one sample only.
        terms.push_back({c == plan.half ? zeros : offset(stream, plan.half + c), offset(stream, plan.half - c)});
        if (c == 0) terms.back().plus = zeros;
      }
    }
    for (int line = 0; line < static_cast<int>(plan.lines.size()); line++) {
      for (const FrequencyBlock& block : plan.lines[line].blocks) {
        slides.push_back(chooseSlideBlock<kLanes>(block.count, block.pattern));
      }
    }
  }

  const BasisStage<kLanes> basisStage;
  const int rows;  ///< rows of the state: the inner range, a window, and slack for groups of positions
  const size_t lineStride, binStride, streamStride;
  const size_t rowLength;      ///< lanes + window, in whole vectors
  const size_t sectionStride;  ///< rows of one section
  const size_t profileStride;  ///< profiles of one section
  /// Window rows of the last sections, section z in slot z mod (w + kSectionGroup): the map's own rows lie a power of
  /// two bytes apart in many boxes, which would throw each other out of the caches.
  Buffer mapSections, referenceSections;
  Buffer mapState, referenceState, lane, mapProfile, referenceProfile, folded, even, odd, difference;
  Buffer sectionPairs, streams, sums, total, basis, factors, kernel;
  std::vector<TermOffsets> terms;
  std::vector<SlideBlock> slides;  ///< one per block, in the order of the lines

 private:
  // Line starts a multiple of 4096 bytes apart would all fall into the same cache sets.
  static size_t strideFor(size_t floats) { return floats % 1024 == 0 ? floats + kLanes : floats; }
  static Buffer make(size_t floats) {
    Buffer buffer = hwy::AllocateAligned<float>(floats + kLanes);
    std::fill_n(buffer.get(), floats + kLanes, 0.0f);
    return buffer;
  }
};

template <int kLanes>
class TileRun {
 public:
  TileRun(const ScalingJob& job, const Tile& tile, Workspace<kLanes>& work)
      : job_(job),
        plan_(*job.plan),
        tile_(tile),
        work_(work),
        window_(plan_.window),
        half_(plan_.half),
        factorStage_(*job.rule) {
    findRuns();
    findLiveBlocks();
  }

  void run(const Control& control) {
    const size_t used = static_cast<size_t>(tile_.y1 - tile_.y0 + window_) * 2 * kLanes;
    for (size_t line = 0; line < plan_.lines.size(); line++) {
      std::fill_n(work_.mapState.get() + line * work_.lineStride, used, 0.0f);
      std::fill_n(work_.referenceState.get() + line * work_.lineStride, used, 0.0f);
    }
    for (int z = tile_.z0 - window_ + 1; z < tile_.z1; z += kSectionGroup) {
      control.throwIfCancelled();
      const int end = std::min(z + kSectionGroup, tile_.z1);
      for (int i = z; i < end; i++) {
        advance(job_.map, work_.mapSections.get(), work_.mapState.get(), profileOf(work_.mapProfile, i), i);
      }
      for (int i = z; i < end && job_.reference.voxels != nullptr; i++) {
        advance(job_.reference, work_.referenceSections.get(), work_.referenceState.get(),
                profileOf(work_.referenceProfile, i), i);
      }
      for (int i = std::max(z, tile_.z0); i < end; i++) {
        if (!runsOf(i).empty()) scaleSection(i);
      }
    }
  }

 private:
  const std::vector<Span>& runsOf(int z) const { return runs_[z - tile_.z0]; }

  float* profileOf(const typename Workspace<kLanes>::Buffer& profiles, int z) const {
    const int slot = (z - tile_.z0 + window_) % kSectionGroup;
    return profiles.get() + slot * work_.profileStride;
  }

  void findRuns() {
    runs_.resize(tile_.z1 - tile_.z0);
    for (int z = tile_.z0; z < tile_.z1; z++) {
      auto& runs = runs_[z - tile_.z0];
      for (int y = tile_.y0; y < tile_.y1; y++) {
        if (job_.mask->lanes(z, y, tile_.x0, kLanes) == 0) continue;
        if (!runs.empty() && y - runs.back().end <= kJoinGap) {
          runs.back().end = y + 1;
        } else {
          runs.push_back({y, y + 1});
        }
      }
    }
  }

  // State row j holds map row y0 - h + j; voxel row y needs state rows y - y0 .. y - y0 + w - 1.
  void findLiveBlocks() {
    const int rows = tile_.y1 - tile_.y0 + window_ - 1;
    live_.assign((rows + kRowBlock - 1) / kRowBlock, {1 << 30, -1});
    for (int z = tile_.z0; z < tile_.z1; z++) {
      for (const Span& run : runsOf(z)) {
        const int last = (run.end - 1 - tile_.y0 + window_ - 1) / kRowBlock;
        for (int b = (run.first - tile_.y0) / kRowBlock; b <= last; b++) {
          live_[b].first = std::min(live_[b].first, z);
          live_[b].end = std::max(live_[b].end, z + 1);
        }
      }
    }
  }

  // Copies voxels x0 - h .. x0 + lanes + h - 1 of a row; positions outside the box get the fill value.
  void copyWindowRow(const MapView& view, int z, int y, float* HWY_RESTRICT to) const {
    const hn::FixedTag<float, kLanes> d;
    const Shape& shape = job_.shape;
    const int x = tile_.x0 - half_, length = static_cast<int>(work_.rowLength);
    if (z < 0 || z >= shape.z || y < 0 || y >= shape.y) {
      std::fill_n(to, work_.rowLength, view.fill);
      return;
    }
    const float* HWY_RESTRICT row = view.voxels + (static_cast<size_t>(z) * shape.y + y) * shape.x;
    if (x >= 0 && x + length <= shape.x) {
      for (int i = 0; i < length; i += kLanes) hn::Store(hn::LoadU(d, row + x + i), d, to + i);
      const float* ahead = row + x + kPrefetchRows * static_cast<size_t>(shape.x);
      for (int i = 0; i < length; i += 16) __builtin_prefetch(ahead + i);
      return;
    }
    std::fill_n(to, work_.rowLength, view.fill);
    const int from = std::max(x, 0), end = std::min(x + kLanes + window_, shape.x);
    if (end > from) std::memcpy(to + (from - x), row + from, sizeof(float) * static_cast<size_t>(end - from));
  }

  float* sectionRow(float* sections, int z, int j) const {
    const int slots = window_ + kSectionGroup;
    const int slot = ((z % slots) + slots) % slots;
    return sections + slot * work_.sectionStride + j * work_.rowLength;
  }

  // Moves the window state from section z - 1 to z and, for a section with mask voxels, sums the profiles.
  void advance(const MapView& view, float* sections, float* state, float* profile, int z) {
    const hn::FixedTag<float, kLanes> d;
    const int entering = z + half_ - 1, leaving = entering - window_;
    const int rows = tile_.y1 - tile_.y0 + window_ - 1;
    const size_t rowLength = work_.rowLength;
    segments_.clear();
    for (int b = 0; b < static_cast<int>(live_.size()); b++) {
      if (z <= live_[b].first - window_ || z >= live_[b].end) continue;
      const bool subtract = z > live_[b].first;
      const int first = b * kRowBlock, end = std::min(first + kRowBlock, rows);
      for (int j = first; j < end; j++) {
        float* in = sectionRow(sections, entering, j);
        copyWindowRow(view, entering, tile_.y0 - half_ + j, in);
        const float* row = in;
        if (subtract) {
          const float* out = sectionRow(sections, leaving, j);
          float* HWY_RESTRICT difference = work_.difference.get();
          for (size_t i = 0; i < rowLength; i += kLanes) {
            hn::Store(hn::Sub(hn::Load(d, in + i), hn::Load(d, out + i)), d, difference + i);
          }
          row = difference;
        }
        laneStage<kLanes>(row, work_.even.get(), work_.odd.get(), window_, view.laneTwiddles.data(),
                          work_.lane.get() + static_cast<size_t>(j) * 2 * kLanes, work_.lineStride);
      }
      if (!segments_.empty() && segments_.back().end == first) {
        segments_.back().end = end;
      } else {
        segments_.push_back({first, end});
      }
    }

    const bool record = z >= tile_.z0 && !runsOf(z).empty();
    if (record) {
      for (int bin = 0; bin < plan_.bins; bin++) {
        std::fill_n(profile + bin * work_.binStride, static_cast<size_t>(tile_.y1 - tile_.y0) * kLanes, 0.0f);
      }
    }
    const int phase = ((entering % window_) + window_) % window_;
    const size_t lineStride = work_.lineStride;
    size_t slide = 0;
    for (size_t i = 0; i < plan_.lines.size(); i++) {
      const FrequencyLine& line = plan_.lines[i];
      float* lineState = state + i * work_.lineStride;
      const float* lane = work_.lane.get() + line.lane * work_.lineStride;
      const float* twiddle = plan_.twiddle(line.outer) + 2 * static_cast<size_t>(phase);
      const auto c = hn::Set(d, twiddle[0]), s = hn::Set(d, twiddle[1]);
      for (const Span& segment : segments_) {
        const size_t first = static_cast<size_t>(segment.first) * 2 * kLanes;
        moveLine(lineState + first, lane + first, c, s, segment.end - segment.first, lineStride);
      }
      if (!record) continue;
      for (const Span& run : runsOf(z)) {
        const size_t first = static_cast<size_t>(run.first - tile_.y0);
        const float* runState = lineState + first * 2 * kLanes;
        foldWindow<kLanes>(runState, window_, work_.folded.get());
        size_t which = slide;
        for (const FrequencyBlock& block : line.blocks) {
          work_.slides[which++](
              runState, work_.folded.get(), run.end - run.first, window_, plan_.twiddle(block.firstFrequency),
              profile + block.firstBin * work_.binStride + first * kLanes, work_.binStride, block.firstFrequency);
        }
      }
      slide += line.blocks.size();
    }
  }

  // Outer stage of one line: P += A W^(kz z) over `rows` rows.
  static HWY_INLINE void moveLine(float* HWY_RESTRICT state, const float* HWY_RESTRICT lane, hn::Vec<Lanes<kLanes>> c,
                                  hn::Vec<Lanes<kLanes>> s, int rows, size_t nextLine) {
    const Lanes<kLanes> d;
    for (int j = 0; j < rows; j++, state += 2 * kLanes, lane += 2 * kLanes) {
      const auto ar = hn::Load(d, lane), ai = hn::Load(d, lane + kLanes);
      __builtin_prefetch(state + nextLine, 1, 3);
      hn::Store(hn::MulAdd(ai, s, hn::MulAdd(ar, c, hn::Load(d, state))), d, state);
      hn::Store(hn::NegMulAdd(ar, s, hn::MulAdd(ai, c, hn::Load(d, state + kLanes))), d, state + kLanes);
    }
  }

  // Streams of all rows that the section's mask voxels need, then factors times basis at the mask voxels.
  void scaleSection(int z) {
    int folded = 0;  // state rows below this one are done
    for (const Span& run : runsOf(z)) {
      for (int y = run.first; y < run.end;) {
        if (job_.mask->lanes(z, y, tile_.x0, kLanes) == 0) {
          y++;
          continue;
        }
        const int first = y - tile_.y0;
        int last = first;  // last masked row of the group
        for (int i = 1; i < work_.basisStage.positions() && y + i < tile_.y1; i++) {
          if (job_.mask->lanes(z, y + i, tile_.x0, kLanes) != 0) last = first + i;
        }
        for (int j = std::max(folded, first); j < last + window_; j++) foldSectionRow(z, j);
        folded = std::max(folded, last + window_);
        scaleGroup(z, first, last + 1);
        y = tile_.y0 + last + 1;
      }
    }
  }

  void foldSectionRow(int z, int j) {
    foldRow<kLanes>(
        plan_, [&](int distance) { return sectionRow(work_.mapSections.get(), z + distance, j); },
        work_.sectionPairs.get(), work_.rowLength, work_.streams.get() + static_cast<size_t>(j) * kLanes,
        work_.streamStride);
  }

  // Which lanes of a voxel row take the theoretical form.
  hn::Mask<Lanes<kLanes>> theoreticalLanes(int z, int y) const {
    const Lanes<kLanes> d;
    if (job_.rule->form == ScalingForm::kTheoretical) return hn::FirstN(d, kLanes);
    if (job_.rule->form != ScalingForm::kHybrid) return hn::FirstN(d, 0);
    const uint32_t bits = job_.difference->lanes(z, y, tile_.x0, kLanes);
    alignas(64) float flags[kLanes];
    for (int lane = 0; lane < kLanes; lane++) flags[lane] = static_cast<float>((bits >> lane) & 1);
    return hn::Gt(hn::Load(d, flags), hn::Zero(d));
  }

  static void storeLanes(hn::Vec<Lanes<kLanes>> values, uint32_t lanes, float* to) {
    alignas(64) float all[kLanes];
    hn::Store(values, Lanes<kLanes>(), all);
    for (int lane = 0; lanes != 0; lane++, lanes >>= 1) {
      if ((lanes & 1) != 0) to[lane] = all[lane];
    }
  }

  // out = S_h f + sum_{s<h} (S_s - S_h) B_s, since the basis maps add up to the map itself.
  void scaleGroup(int z, int first, int end) {
    const Lanes<kLanes> d;
    const int positions = work_.basisStage.positions();
    const float* streams = work_.streams.get() + static_cast<size_t>(first) * kLanes;
    work_.basisStage.evaluate(plan_, work_.kernel.get(), work_.terms.data(), streams, work_.sums.get(),
                              work_.basis.get(), work_.total.get());
    const auto meanWeight = hn::Set(d, 1.0f / (static_cast<float>(window_) * window_ * window_));
    const auto mapUnit = hn::Set(d, 1.0f / job_.map.unit);
    const bool ratio = job_.rule->form != ScalingForm::kNoReference;
    const auto unit = hn::Set(d, ratio ? job_.reference.unit / job_.map.unit : 1.0f);
    const auto factor = [&](int bin) HWY_ATTR { return hn::Load(d, work_.factors.get() + bin * kLanes); };
    for (int row = first; row < end; row++) {
      const int position = row - first, y = tile_.y0 + row;
      uint32_t lanes = job_.mask->lanes(z, y, tile_.x0, kLanes);
      if (job_.mapSignal != nullptr) lanes &= job_.mapSignal->lanes(z, y, tile_.x0, kLanes);
      if (job_.referenceSignal != nullptr) lanes &= job_.referenceSignal->lanes(z, y, tile_.x0, kLanes);
      if (lanes == 0) continue;
      const size_t at = static_cast<size_t>(row) * kLanes;
      const ProfileView profile{profileOf(work_.mapProfile, z) + at, profileOf(work_.referenceProfile, z) + at,
                                work_.binStride};
      // Bin 0 is a single coefficient, the window's sum, which may come near 0 by chance. Taking it from the exact sum
      // and not from the slide keeps P_ref(0)/|sum| * sum accurate there.
      const auto sum = hn::Load(d, work_.total.get() + position * kLanes);
      const auto fits = factorStage_.evaluate(profile, plan_.bins, hn::Mul(hn::Abs(sum), mapUnit),
                                              theoreticalLanes(z, y), work_.factors.get());
      const auto edge = factor(half_);
      auto out = hn::Mul(edge, hn::Load(d, streams + static_cast<size_t>(position + half_) * kLanes));
      out = hn::MulAdd(hn::Sub(factor(0), edge), hn::Mul(meanWeight, sum), out);
      for (int s = 1; s < half_; s++) {
        const auto basis =
            hn::Load(d, work_.basis.get() + (static_cast<size_t>(s - 1) * positions + position) * kLanes);
        out = hn::MulAdd(hn::Sub(factor(s), edge), basis, out);
      }
      const size_t voxel = (static_cast<size_t>(z) * job_.shape.y + y) * job_.shape.x + tile_.x0;
      storeLanes(hn::Mul(out, unit), lanes, job_.scaled + voxel);
      if (!job_.rule->bfactors) continue;
      if (job_.bfactors != nullptr) storeLanes(fits.bfactor, lanes, job_.bfactors + voxel);
      if (job_.qualities != nullptr) storeLanes(fits.quality, lanes, job_.qualities + voxel);
      if (!hn::AllFalse(d, fits.failed)) countFailed(fits.failed, lanes);
    }
  }

  void countFailed(hn::Mask<Lanes<kLanes>> failed, uint32_t lanes) const {
    const Lanes<kLanes> d;
    alignas(64) float flags[kLanes];
    hn::Store(hn::IfThenElseZero(failed, hn::Set(d, 1.0f)), d, flags);
    for (int lane = 0; lanes != 0; lane++, lanes >>= 1) {
      if ((lanes & 1) != 0 && flags[lane] != 0) ++*job_.failedFits;
    }
  }

  const ScalingJob& job_;
  const WindowPlan& plan_;
  const Tile& tile_;
  Workspace<kLanes>& work_;
  const int window_, half_;
  const FactorStage<kLanes> factorStage_;
  std::vector<std::vector<Span>> runs_;
  std::vector<Span> live_;  ///< per block of state rows: first and one past the last section with a voxel that needs it
  std::vector<Span> segments_;
};

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
constexpr int kWideLanes = 16;
constexpr int kNarrowLanes = 8;
#elif HWY_TARGET == HWY_AVX2
constexpr int kWideLanes = 8;
constexpr int kNarrowLanes = 8;
#elif HWY_TARGET == HWY_SCALAR
constexpr int kWideLanes = 1;
constexpr int kNarrowLanes = 1;
#else
constexpr int kWideLanes = 4;
constexpr int kNarrowLanes = 4;
#endif

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
