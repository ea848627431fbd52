// Inner stage of full shells: a frequency and its mirror image together (no include guard: compiled per target).
//
//   G[kx,+-ky,kz](y) = sum_n P(n) (cos - or + i sin)(2 pi ky n / w)
//
// Both come from four real sums over the rows n of the window, P = p + i q:
//   a = sum p cos,  b = sum q sin,  c = sum q cos,  d = sum p sin;   G(+ky) = (a + b) + i(c - d),  G(-ky) = (a - b) +
//   i(c + d)
// Sliding them costs as much as sliding one frequency alone; the additions that part the two come on top. Phases and
// differences are those of the octant's stage (profile_stage-inl.h).

/// The four sums of `kCount` consecutive frequencies; b and d of frequency 0 stay 0.
template <int kLanes, int kCount>
struct MirroredState {
  using V = hn::Vec<Lanes<kLanes>>;
  V a[kCount], b[kCount], c[kCount], d[kCount];
};

// Adds |G(+ky)| + |G(-ky)| of each frequency to its bin; frequency 0 is its own mirror image and is added once.
template <int kLanes, int kCount, int kPattern, bool kFromZero>
HWY_INLINE void recordMirrored(const MirroredState<kLanes, kCount>& g, float* to, size_t binStride) {
  BinSum<kLanes> sum(to, binStride);
  forEach<kCount>([&](auto index) HWY_ATTR {
    constexpr int j = decltype(index)::value;
    if constexpr (j == 1 && kPattern != 0) sum.nextBin();
    if constexpr (kFromZero && j == 0) {
      sum.template add<hardwareRoot(0)>(g.a[0], g.c[0]);
    } else {
      sum.template add<hardwareRoot(2 * j)>(hn::Add(g.a[j], g.b[j]), hn::Sub(g.c[j], g.d[j]));
      sum.template add<hardwareRoot(2 * j + 1)>(hn::Sub(g.a[j], g.b[j]), hn::Add(g.c[j], g.d[j]));
    }
  });
  sum.store();
}

// As slideBlock, with the mirror image of every frequency; kFromZero: the first one is frequency 0.
template <int kLanes, int kCount, int kPattern, bool kFromZero>
void slideMirrored(const SlideRun& run, const FrequencyBlock& block, const float* HWY_RESTRICT twiddles) {
  const Lanes<kLanes> d;
  using V = hn::Vec<Lanes<kLanes>>;
  const size_t twiddleStride = 2 * static_cast<size_t>(run.window);
  MirroredState<kLanes, kCount> g;
  const auto add = [&](V cp, V cq, V sp, V sq, const float* HWY_RESTRICT t) HWY_ATTR {
    LOCSCALE_UNROLL(2)
    for (int j = 0; j < kCount; j++) {
      if (kFromZero && j == 0) {
        g.a[0] = hn::Add(g.a[0], cp);
        g.c[0] = hn::Add(g.c[0], cq);
        continue;
      }
      const auto c = hn::Set(d, t[j * twiddleStride]), s = hn::Set(d, t[j * twiddleStride + 1]);
      g.a[j] = hn::MulAdd(cp, c, g.a[j]);
      g.b[j] = hn::MulAdd(sq, s, g.b[j]);
      g.c[j] = hn::MulAdd(cq, c, g.c[j]);
      g.d[j] = hn::MulAdd(sp, s, g.d[j]);
    }
  };
  // The first window in full, from rows folded about its middle.
  const float* folded = run.folded;
  LOCSCALE_UNROLL(2)
  for (int j = 0; j < kCount; j++) {
    const auto sign = hn::Set(d, ((block.firstFrequency + j) & 1) != 0 ? -1.0f : 1.0f);
    g.a[j] = hn::MulAdd(sign, hn::Load(d, folded + 2 * kLanes), hn::Load(d, folded));
    g.c[j] = hn::MulAdd(sign, hn::Load(d, folded + 3 * kLanes), hn::Load(d, folded + kLanes));
    g.b[j] = g.d[j] = hn::Zero(d);
  }
  addFoldedRows<kLanes>(run, twiddles, add);
  float* to = run.profile + block.firstBin * run.binStride;
  const size_t binStride = run.binStride;
  recordMirrored<kLanes, kCount, kPattern, kFromZero>(g, to, binStride);
  slideRows<kLanes>(run, twiddles, [&](V dp, V dq, const float* HWY_RESTRICT t, size_t at) HWY_ATTR {
    add(dp, dq, dp, dq, t);
    recordMirrored<kLanes, kCount, kPattern, kFromZero>(g, to + at, binStride);
  });
}

template <int kLanes, bool kFromZero>
SlideBlock chooseSlideMirrored(int count, int pattern) {
  switch (count * 2 + pattern) {
#define LOCSCALE_CASE(count, pattern) \
  case count * 2 + pattern:           \
    return slideMirrored<kLanes, count, pattern, kFromZero>;
    LOCSCALE_CASE(1, 0)
    LOCSCALE_CASE(2, 0)
    LOCSCALE_CASE(2, 1)
#undef LOCSCALE_CASE
    default:
      return nullptr;
  }
}
