// Linear part: out = sum_s S_s B_s with B_s the map filtered by the kernel K_s (no include guard: compiled per target).
//
// K_s has the symmetry of the cube, so window offsets fall into orbits 0 <= p <= q <= r <= h; the sum over an orbit's
// voxels comes from "streams" v_ab(y): plane offsets (+-a, +-b) and (+-b, +-a) in (x, z) added up, folded over y.
// Offset -h has no mirror image inside the window and counts once.

// Streams of one row of one section: out[stream * streamStride + lane]. rowAt(d) is the row's voxels
// x0-h .. x0+lanes+h-1 in the section at distance d; `rows` receives the sections at +b and -b added up.
template <int kLanes, class RowAt>
HWY_INLINE void foldRow(const WindowPlan& plan, RowAt rowAt, float* HWY_RESTRICT rows, size_t rowStride,
                        float* HWY_RESTRICT out, size_t streamStride) {
  const Lanes<kLanes> d;
  const int half = plan.half;
  const int length = kLanes + plan.window;
  for (int b = 0; b <= half; b++) {
    float* to = rows + static_cast<size_t>(b) * rowStride;
    const float* below = rowAt(-b);
    if (b == 0 || b == half) {
      for (int i = 0; i < length; i += kLanes) hn::Store(hn::Load(d, below + i), d, to + i);
    } else {
      const float* above = rowAt(b);
      for (int i = 0; i < length; i += kLanes) {
        hn::Store(hn::Add(hn::Load(d, below + i), hn::Load(d, above + i)), d, to + i);
      }
    }
  }
  const auto atDistance = [&](int a, const float* row) HWY_ATTR {
    if (a == 0) return hn::LoadU(d, row + half);
    if (a == half) return hn::LoadU(d, row);
    return hn::Add(hn::LoadU(d, row + half + a), hn::LoadU(d, row + half - a));
  };
  for (int a = 0; a <= half; a++) {
    const float* rowA = rows + static_cast<size_t>(a) * rowStride;
    hn::Store(atDistance(a, rowA), d, out);
    out += streamStride;
    for (int b = a + 1; b <= half; b++) {
      const float* rowB = rows + static_cast<size_t>(b) * rowStride;
      hn::Store(hn::Add(atDistance(a, rowB), atDistance(b, rowA)), d, out);
      out += streamStride;
    }
  }
}

// Where the two samples of an orbit's term lie relative to the voxel, in floats; a missing sample points at zeros.
struct TermOffsets {
  int plus, minus;
};

// Bins are summed in groups and rows ("positions") taken together so that group x positions accumulators stay in
// registers and every kernel value is loaded once for all positions. 32 registers hold 12 x 2, 9 x 3 or 8 x 3 of them.
#if HWY_TARGET == HWY_AVX3 || HWY_ARCH_ARM
constexpr int kMaxPositions = 3;
constexpr int kMaxGroup = 12;
constexpr int groupOf(int bins) { return bins <= 12 ? bins : 8; }
constexpr int positionsOf(int group) { return group <= 9 ? 3 : 2; }
#else
constexpr int kMaxPositions = 2;
constexpr int kMaxGroup = 6;
constexpr int groupOf(int bins) { return bins <= 6 ? bins : 5; }
constexpr int positionsOf(int) { return 2; }
#endif
/// Orbits whose sums are kept for the second and later groups; small enough for the nearest cache.
constexpr int kOrbitChunk = 64;

struct OrbitRun {
  const TermOffsets* terms;
  const float* kernel;  ///< first bin of the group, orbit by orbit
  size_t kernelStride;
  size_t count;
};

// Sum over an orbit's voxels at one row.
template <int kLanes, int kTerms>
HWY_INLINE hn::Vec<Lanes<kLanes>> orbitSum(const TermOffsets* HWY_RESTRICT terms, const float* HWY_RESTRICT at) {
  const Lanes<kLanes> d;
  auto sum = hn::Add(hn::Load(d, at + terms[0].plus), hn::Load(d, at + terms[0].minus));
  if constexpr (kTerms > 1) {
    sum = hn::Add(sum, hn::Add(hn::Load(d, at + terms[1].plus), hn::Load(d, at + terms[1].minus)));
  }
  if constexpr (kTerms > 2) {
    sum = hn::Add(sum, hn::Add(hn::Load(d, at + terms[2].plus), hn::Load(d, at + terms[2].minus)));
  }
  return sum;
}

// basis[(bin) * kPositions + position] += K_bin * orbit sum, for one group of bins. kTerms > 0: the sums are formed
// here from the streams, added to the window sums `total`, and kept in `sums`; kTerms = 0: they are read from there.
template <int kLanes, int kBins, int kTerms>
HWY_NOINLINE void addOrbits(const OrbitRun& run, const float* HWY_RESTRICT streams, float* HWY_RESTRICT sums,
                            float* HWY_RESTRICT basis, float* HWY_RESTRICT total) {
  constexpr int kPositions = positionsOf(kBins);
  const Lanes<kLanes> d;
  hn::Vec<Lanes<kLanes>> acc[kBins * kPositions];
  LOCSCALE_UNROLL(32)
  for (int i = 0; i < kBins * kPositions; i++) acc[i] = hn::Load(d, basis + static_cast<size_t>(i) * kLanes);
  hn::Vec<Lanes<kLanes>> window[kPositions];
  LOCSCALE_UNROLL(4)
  for (int z = 0; z < kPositions; z++) window[z] = hn::Load(d, total + static_cast<size_t>(z) * kLanes);
  const TermOffsets* HWY_RESTRICT terms = run.terms;
  const float* HWY_RESTRICT kernel = run.kernel;
  const size_t kernelStride = run.kernelStride;
  for (size_t o = 0; o < run.count; o++, kernel += kernelStride, terms += kTerms) {
    hn::Vec<Lanes<kLanes>> sum[kPositions];
    LOCSCALE_UNROLL(4)
    for (int z = 0; z < kPositions; z++) {
      if constexpr (kTerms > 0) {
        sum[z] = orbitSum<kLanes, kTerms>(terms, streams + static_cast<size_t>(z) * kLanes);
        window[z] = hn::Add(window[z], sum[z]);
        hn::Store(sum[z], d, sums);
      } else {
        sum[z] = hn::Load(d, sums);
      }
      sums += kLanes;
    }
    LOCSCALE_UNROLL(16)
    for (int s = 0; s < kBins; s++) {
      const auto k = hn::Set(d, kernel[s]);
      LOCSCALE_UNROLL(4)
      for (int z = 0; z < kPositions; z++) acc[s * kPositions + z] = hn::MulAdd(k, sum[z], acc[s * kPositions + z]);
    }
  }
  LOCSCALE_UNROLL(32)
  for (int i = 0; i < kBins * kPositions; i++) hn::Store(acc[i], d, basis + static_cast<size_t>(i) * kLanes);
  if constexpr (kTerms > 0) {
    LOCSCALE_UNROLL(4)
    for (int z = 0; z < kPositions; z++) hn::Store(window[z], d, total + static_cast<size_t>(z) * kLanes);
  }
}

using AddOrbits = void (*)(const OrbitRun&, const float*, float*, float*, float*);

template <int kLanes, int kTerms, int... kIndex>
AddOrbits chooseAddOrbits(int bins, std::integer_sequence<int, kIndex...>) {
  static constexpr AddOrbits table[] = {addOrbits<kLanes, kIndex + 1, kTerms>...};
  return table[bins - 1];
}

/// The linear part of one window size: which kernels to call, in which groups.
template <int kLanes>
class BasisStage {
 public:
  explicit BasisStage(const WindowPlan& plan) : bins_(plan.half - 1) {
    const auto indices = std::make_integer_sequence<int, kMaxGroup>();
    const int size = groupOf(bins_);
    groups_ = (bins_ + size - 1) / size;
    // Groups of one call must agree on the positions: equal sizes, the last one padded by overlap is not worth it.
    group_ = (bins_ + groups_ - 1) / groups_;
    positions_ = positionsOf(group_);
    paddedBins_ = static_cast<size_t>(groups_) * static_cast<size_t>(group_);
    firstGroup_[3] = chooseAddOrbits<kLanes, 3>(group_, indices);
    firstGroup_[2] = chooseAddOrbits<kLanes, 2>(group_, indices);
    firstGroup_[1] = chooseAddOrbits<kLanes, 1>(group_, indices);
    laterGroup_ = chooseAddOrbits<kLanes, 0>(group_, indices);
  }

  int positions() const { return positions_; }
  /// Bins 1..h-1 rounded up to whole groups; the kernel table has this stride, zeros beyond h-1.
  size_t paddedBins() const { return paddedBins_; }

  // Basis maps basis[bin * positions + position] of bins 1..h-1 and window sums total[position].
  void evaluate(const WindowPlan& plan, const float* kernel, const TermOffsets* terms, const float* streams,
                float* sums, float* basis, float* total) const {
    std::fill_n(basis, paddedBins() * positions_ * kLanes, 0.0f);
    std::fill_n(total, static_cast<size_t>(positions_) * kLanes, 0.0f);
    const size_t stride = paddedBins();
    for (int termCount = 3; termCount >= 1; termCount--) {
      for (size_t left = plan.orbitsWithTerms[termCount]; left > 0;) {
        const size_t count = left < kOrbitChunk ? left : kOrbitChunk;
        firstGroup_[termCount]({terms, kernel, stride, count}, streams, sums, basis, total);
        for (int g = 1; g < groups_; g++) {
          laterGroup_({nullptr, kernel + g * group_, stride, count}, nullptr, sums,
                      basis + static_cast<size_t>(g) * group_ * positions_ * kLanes, total);
        }
        terms += count * termCount;
        kernel += count * stride;
        left -= count;
      }
    }
  }

 private:
  int bins_, groups_, group_, positions_;
  size_t paddedBins_;
  AddOrbits firstGroup_[4], laterGroup_;
};
