// One tile from mask to scaled voxels (no include guard: compiled per target).
//
// Section by section: the lane and outer stages move the window states of map and reference on, the inner stage sums
// the profiles of the section's mask voxels, the basis stage filters the map there, and factors times basis is the
// result.

/// Half-open range of rows.
struct Span {
  int first, end;
};

/// Rows of the state are handled in blocks of this many, each alive from the first to the last section that needs it.
constexpr int kRowBlock = 8;
/// Rows of the map are fetched this far ahead: a memory access takes about as long as the lane stage of a few rows.
constexpr int kPrefetchRows = 6;
/// Masked rows further apart than this start a new slide; a shorter gap is cheaper to slide over than to restart after.
constexpr int kJoinGap = 6;

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
      advance(job_.map, work_.mapSections.get(), work_.mapState.get(), work_.mapProfile, z, end);
      if (job_.reference.voxels != nullptr) {
        advance(job_.reference, work_.referenceSections.get(), work_.referenceState.get(), work_.referenceProfile, z,
                end);
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

  // Moves the window state from section z - 1 to end - 1 and, for sections with mask voxels, sums the profiles.
  void advance(const MapView& view, float* sections, float* state, const typename Workspace<kLanes>::Buffer& profiles,
               int z, int end) {
    for (int i = z; i < end; i++) exchangeSections(view, sections, i, i - z);
    slideLines(state, profiles, z, end);
  }

  // Copies the rows of the section that enters the windows and puts the lane stage of its difference from the section
  // that leaves into part `slot` of `lane`, for the rows that some voxel still needs (segments_).
  void exchangeSections(const MapView& view, float* sections, int z, int slot) {
    const hn::FixedTag<float, kLanes> d;
    const int entering = z + half_ - 1, leaving = entering - window_;
    const int rows = tile_.y1 - tile_.y0 + window_ - 1;
    const size_t rowLength = work_.rowLength;
    std::vector<Span>& segments = segments_[slot];
    segments.clear();
    float* lane = work_.lane.get() + slot * work_.laneStride;
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
                          lane + static_cast<size_t>(j) * 2 * kLanes, work_.lineStride);
      }
      if (!segments.empty() && segments.back().end == first) {
        segments.back().end = end;
      } else {
        segments.push_back({first, end});
      }
    }
  }

  // Outer stage of every line, and at once, while the line is in the nearest cache, its inner stage over the runs: all
  // sections of the group before the next line, so that the state crosses the caches once for all of them.
  void slideLines(float* state, const typename Workspace<kLanes>::Buffer& profiles, int z, int end) {
    const hn::FixedTag<float, kLanes> d;
    const auto recorded = [&](int section) { return section >= tile_.z0 && !runsOf(section).empty(); };
    for (int section = z; section < end; section++) {
      if (!recorded(section)) continue;
      float* profile = profileOf(profiles, section);
      for (int bin = 0; bin < plan_.bins; bin++) {
        std::fill_n(profile + bin * work_.binStride, static_cast<size_t>(tile_.y1 - tile_.y0) * kLanes, 0.0f);
      }
    }
    const int phase = (((z + half_ - 1) % window_) + window_) % window_;  // of the first section that enters
    const size_t lineStride = work_.lineStride;
    size_t slide = 0;
    for (size_t i = 0; i < plan_.lines.size(); i++) {
      const FrequencyLine& line = plan_.lines[i];
      float* lineState = state + i * lineStride;
      for (int section = z; section < end; section++) {
        const int slot = section - z;
        const float* lane = work_.lane.get() + slot * work_.laneStride + line.lane * lineStride;
        const float* twiddle = plan_.twiddle(std::abs(line.outer)) + 2 * static_cast<size_t>((phase + slot) % window_);
        const auto c = hn::Set(d, line.weight * twiddle[0]);
        const auto s = hn::Set(d, line.outer < 0 ? -line.weight * twiddle[1] : line.weight * twiddle[1]);
        for (const Span& segment : segments_[slot]) {
          const size_t first = static_cast<size_t>(segment.first) * 2 * kLanes;
          moveLine(lineState + first, lane + first, c, s, segment.end - segment.first, lineStride);
        }
        if (recorded(section)) slideRuns(line, slide, lineState, profileOf(profiles, section), section);
      }
      slide += line.blocks.size();
    }
  }

  // Inner stage of one line over the runs of a section; `slide` is the number of the line's first block.
  void slideRuns(const FrequencyLine& line, size_t slide, const float* lineState, float* profile, int section) {
    for (const Span& run : runsOf(section)) {
      const size_t first = static_cast<size_t>(run.first - tile_.y0);
      const float* runState = lineState + first * 2 * kLanes;
      foldWindow<kLanes>(runState, window_, work_.folded.get());
      const SlideRun rows{runState, work_.folded.get(),       run.end - run.first,
                          window_,  profile + first * kLanes, work_.binStride};
      for (size_t i = 0; i < line.blocks.size(); i++) {
        const FrequencyBlock& block = line.blocks[i];
        work_.slides[slide + i](rows, block, plan_.twiddle(block.firstFrequency));
      }
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

  // Factors end at each voxel's own resolution: a bin is kept up to half a bin below it and gone half a bin above.
  void cutFactors(size_t voxel, uint32_t lanes) {
    const Lanes<kLanes> d;
    alignas(64) float ends[kLanes] = {};
    for (int lane = 0; lane < kLanes; lane++) {
      if (((lanes >> lane) & 1) == 0) continue;
      const float resolution = job_.cutoffs[voxel + lane];
      ends[lane] = resolution > 0 ? job_.cellEdge / resolution + 0.5f : 2.0f * window_;
    }
    const auto end = hn::Load(d, ends);
    for (int bin = 1; bin < plan_.bins; bin++) {
      float* HWY_RESTRICT factor = work_.factors.get() + bin * kLanes;
      const auto share = hn::Clamp(hn::Sub(end, hn::Set(d, static_cast<float>(bin))), hn::Zero(d), hn::Set(d, 1.0f));
      hn::Store(hn::Mul(hn::Load(d, factor), share), d, factor);
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
      const size_t voxel = (static_cast<size_t>(z) * job_.shape.y + y) * job_.shape.x + tile_.x0;
      if (job_.cutoffs != nullptr) cutFactors(voxel, lanes);
      const auto edge = factor(half_);
      auto out = hn::Mul(edge, hn::Load(d, streams + static_cast<size_t>(position + half_) * kLanes));
      out = hn::MulAdd(hn::Sub(factor(0), edge), hn::Mul(meanWeight, sum), out);
      for (int s = 1; s < half_; s++) {
        const auto basis =
            hn::Load(d, work_.basis.get() + (static_cast<size_t>(s - 1) * positions + position) * kLanes);
        out = hn::MulAdd(hn::Sub(factor(s), edge), basis, out);
      }
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
      if ((lanes & 1) != 0 && flags[lane] != 0) ++job_.failedFits[tile_.slab];
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
  std::vector<Span> segments_[kSectionGroup];  ///< per section of the group: rows of the state that are still needed
};
