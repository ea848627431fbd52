// Linear part: out = sum_s S_s B_s with B_s the map filtered by the kernel K_s (no include guard: compiled per target).
//
// K_s has the symmetry of the cube, so window offsets fall into orbits 0 <= p <= q <= r <= h; the sum over an orbit's
// voxels comes from "streams" v_ab(y): plane offsets (+-a, +-b) and (+-b, +-a) in (x, z) added up, folded over y.
// Offset -h has no mirror image inside the window and counts once.

// Streams of one row y of one section z, `stream` values apart: v[s * streamStride + lane].
// `rows[b]` receives section pair +-b of that row: sections z+b and z-b added, voxels x0-h .. x0+lanes+h-1.
template <int kLanes, class RowAt>
HWY_INLINE void foldRow(const WindowPlan& plan, RowAt rowAt, float* HWY_RESTRICT rows, size_t rowStride,
                        float* HWY_RESTRICT out, size_t streamStride) {
  const Lanes<kLanes> d;
  const int half = plan.half;
  const int length = kLanes + plan.window;
  for (int b = 0; b <= half; b++) {
    float* to = rows + static_cast<size_t>(b) * rowStride;
    const float* below = rowAt(-b, 0);
    if (b == 0 || b == half) {
      for (int i = 0; i < length; i += kLanes) hn::Store(hn::LoadU(d, below + i), d, to + i);
    } else {
      const float* above = rowAt(b, 1);
      for (int i = 0; i < length; i += kLanes) {
        hn::Store(hn::Add(hn::LoadU(d, below + i), hn::LoadU(d, above + i)), d, to + i);
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

// Positions taken together: enough to reuse every kernel value from a register.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_ARCH_ARM
constexpr int kPositions = 4;
constexpr int kBinGroup = 6;
#else
constexpr int kPositions = 2;
constexpr int kBinGroup = 5;
#endif
constexpr int kOrbitChunk = 64;

// Orbit sums of a chunk at kPositions neighbouring rows: sums[orbit * kPositions + position], and their total.
template <int kLanes, int kTerms>
HWY_INLINE void orbitSums(const TermOffsets* HWY_RESTRICT terms, size_t count, const float* HWY_RESTRICT streams,
                          float* HWY_RESTRICT sums, hn::Vec<Lanes<kLanes>> (&total)[kPositions]) {
  const Lanes<kLanes> d;
  for (size_t o = 0; o < count; o++, terms += kTerms) {
    LOCSCALE_UNROLL(4)
    for (int z = 0; z < kPositions; z++) {
      const float* at = streams + static_cast<size_t>(z) * kLanes;
      auto sum = hn::Add(hn::Load(d, at + terms[0].plus), hn::Load(d, at + terms[0].minus));
      if constexpr (kTerms > 1) {
        sum = hn::Add(sum, hn::Add(hn::Load(d, at + terms[1].plus), hn::Load(d, at + terms[1].minus)));
      }
      if constexpr (kTerms > 2) {
        sum = hn::Add(sum, hn::Add(hn::Load(d, at + terms[2].plus), hn::Load(d, at + terms[2].minus)));
      }
      total[z] = hn::Add(total[z], sum);
      hn::Store(sum, d, sums);
      sums += kLanes;
    }
  }
}

// Adds K_s * sums to the basis maps of `kBins` bins: basis[(s) * kPositions + position] += ...
template <int kLanes, int kBins>
HWY_INLINE void addBasis(const float* HWY_RESTRICT kernel, size_t kernelStride, const float* HWY_RESTRICT sums,
                         size_t count, float* HWY_RESTRICT basis) {
  const Lanes<kLanes> d;
  hn::Vec<Lanes<kLanes>> acc[kBins * kPositions];
  LOCSCALE_UNROLL(32)
  for (int i = 0; i < kBins * kPositions; i++) acc[i] = hn::Load(d, basis + static_cast<size_t>(i) * kLanes);
  for (size_t o = 0; o < count; o++) {
    hn::Vec<Lanes<kLanes>> sum[kPositions];
    LOCSCALE_UNROLL(4)
    for (int z = 0; z < kPositions; z++) sum[z] = hn::Load(d, sums + static_cast<size_t>(z) * kLanes);
    LOCSCALE_UNROLL(8)
    for (int s = 0; s < kBins; s++) {
      const auto k = hn::Set(d, kernel[s]);
      LOCSCALE_UNROLL(4)
      for (int z = 0; z < kPositions; z++) acc[s * kPositions + z] = hn::MulAdd(k, sum[z], acc[s * kPositions + z]);
    }
    kernel += kernelStride;
    sums += static_cast<size_t>(kPositions) * kLanes;
  }
  LOCSCALE_UNROLL(32)
  for (int i = 0; i < kBins * kPositions; i++) hn::Store(acc[i], d, basis + static_cast<size_t>(i) * kLanes);
}

using AddBasis = void (*)(const float*, size_t, const float*, size_t, float*);
template <int kLanes, int kBins>
void addBasisOf(const float* kernel, size_t kernelStride, const float* sums, size_t count, float* basis) {
  addBasis<kLanes, kBins>(kernel, kernelStride, sums, count, basis);
}

template <int kLanes>
AddBasis chooseAddBasis(int bins) {
  static constexpr AddBasis table[] = {addBasisOf<kLanes, 1>, addBasisOf<kLanes, 2>, addBasisOf<kLanes, 3>,
                                       addBasisOf<kLanes, 4>, addBasisOf<kLanes, 5>, addBasisOf<kLanes, 6>};
  return table[bins - 1];
}

// Basis maps of bins 1..h-1 (basis[(s-1) * kPositions + position]) and the window sums (total) at kPositions rows.
template <int kLanes>
void basisAt(const WindowPlan& plan, const TermOffsets* terms, const float* streams, float* sums, float* basis,
             hn::Vec<Lanes<kLanes>> (&total)[kPositions]) {
  const Lanes<kLanes> d;
  const int inner = plan.half - 1;
  for (int i = 0; i < inner * kPositions; i++) hn::Store(hn::Zero(d), d, basis + static_cast<size_t>(i) * kLanes);
  for (auto& t : total) t = hn::Zero(d);
  const int groups = (inner + kBinGroup - 1) / kBinGroup;
  const float* kernel = plan.basis.data();
  for (int termCount = 3; termCount >= 1; termCount--) {
    for (size_t left = plan.orbitsWithTerms[termCount]; left > 0;) {
      const size_t count = left < kOrbitChunk ? left : kOrbitChunk;
      if (termCount == 3) {
        orbitSums<kLanes, 3>(terms, count, streams, sums, total);
      } else if (termCount == 2) {
        orbitSums<kLanes, 2>(terms, count, streams, sums, total);
      } else {
        orbitSums<kLanes, 1>(terms, count, streams, sums, total);
      }
      for (int g = 0; g < groups; g++) {
        const int first = inner * g / groups, last = inner * (g + 1) / groups;
        chooseAddBasis<kLanes>(last - first)(kernel + first, inner, sums, count,
                                             basis + static_cast<size_t>(first) * kPositions * kLanes);
      }
      terms += count * termCount;
      kernel += count * inner;
      left -= count;
    }
  }
}
