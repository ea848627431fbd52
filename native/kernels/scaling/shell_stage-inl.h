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
HWY_INLINE void recordMirrored(const MirroredState<kLanes, kCount>& g, float* acc, size_t binStride) {
  const Lanes<kLanes> d;
  auto sum = hn::Load(d, acc);
  LOCSCALE_UNROLL(2)
  for (int j = 0; j < kCount; j++) {
    if (kFromZero && j == 0) {
      sum = addMagnitude(d, g.a[0], g.c[0], sum, true);
    } else {
      sum = addMagnitude(d, hn::Add(g.a[j], g.b[j]), hn::Sub(g.c[j], g.d[j]), sum, true);
      sum = addMagnitude(d, hn::Sub(g.a[j], g.b[j]), hn::Add(g.c[j], g.d[j]), sum, 2 * j + 1 < kHardwareRoots);
    }
    if (j + 1 < kCount && ((kPattern >> j) & 1)) {
      hn::Store(sum, d, acc);
      acc += binStride;
      sum = hn::Load(d, acc);
    }
  }
  hn::Store(sum, d, acc);
}

// As slideBlock, with the mirror image of every frequency; kFromZero: the first one is frequency 0.
template <int kLanes, int kCount, int kPattern, bool kFromZero>
void slideMirrored(const float* HWY_RESTRICT state, const float* HWY_RESTRICT folded, int rows, int window,
                   const float* HWY_RESTRICT twiddles, float* HWY_RESTRICT acc, size_t binStride, int firstFrequency) {
  const Lanes<kLanes> d;
  const int half = window / 2;
  const size_t twiddleStride = 2 * static_cast<size_t>(window);
  MirroredState<kLanes, kCount> g;
  // The first window in full, from rows folded about its middle.
  {
    const auto p0 = hn::Load(d, folded), q0 = hn::Load(d, folded + kLanes);
    const auto ph = hn::Load(d, folded + 2 * kLanes), qh = hn::Load(d, folded + 3 * kLanes);
    LOCSCALE_UNROLL(2)
    for (int j = 0; j < kCount; j++) {
      const bool odd = ((firstFrequency + j) & 1) != 0;
      g.a[j] = odd ? hn::Sub(p0, ph) : hn::Add(p0, ph);
      g.c[j] = odd ? hn::Sub(q0, qh) : hn::Add(q0, qh);
      g.b[j] = g.d[j] = hn::Zero(d);
    }
    const float* f = folded + 4 * kLanes;
    for (int m = 1; m < half; m++, f += 4 * kLanes) {
      const auto evenP = hn::Load(d, f), evenQ = hn::Load(d, f + kLanes);
      const auto oddP = hn::Load(d, f + 2 * kLanes), oddQ = hn::Load(d, f + 3 * kLanes);
      LOCSCALE_UNROLL(2)
      for (int j = 0; j < kCount; j++) {
        const auto c = hn::Set(d, twiddles[j * twiddleStride + 2 * m]);
        const auto s = hn::Set(d, twiddles[j * twiddleStride + 2 * m + 1]);
        g.a[j] = hn::MulAdd(evenP, c, g.a[j]);
        g.b[j] = hn::MulAdd(oddQ, s, g.b[j]);
        g.c[j] = hn::MulAdd(evenQ, c, g.c[j]);
        g.d[j] = hn::MulAdd(oddP, s, g.d[j]);
      }
    }
  }
  recordMirrored<kLanes, kCount, kPattern, kFromZero>(g, acc, binStride);

  const float* leaving = state;
  const float* entering = state + 2 * kLanes * static_cast<size_t>(window);
  int n = 0;
  for (int row = 1; row < rows; row++) {
    acc += kLanes;
    const auto dp = hn::Sub(hn::Load(d, entering), hn::Load(d, leaving));
    const auto dq = hn::Sub(hn::Load(d, entering + kLanes), hn::Load(d, leaving + kLanes));
    const float* HWY_RESTRICT t = twiddles + 2 * n;
    LOCSCALE_UNROLL(2)
    for (int j = 0; j < kCount; j++) {
      if (kFromZero && j == 0) {
        g.a[0] = hn::Add(g.a[0], dp);
        g.c[0] = hn::Add(g.c[0], dq);
        continue;
      }
      const auto c = hn::Set(d, t[j * twiddleStride]);
      const auto s = hn::Set(d, t[j * twiddleStride + 1]);
      g.a[j] = hn::MulAdd(dp, c, g.a[j]);
      g.b[j] = hn::MulAdd(dq, s, g.b[j]);
      g.c[j] = hn::MulAdd(dq, c, g.c[j]);
      g.d[j] = hn::MulAdd(dp, s, g.d[j]);
    }
    recordMirrored<kLanes, kCount, kPattern, kFromZero>(g, acc, binStride);
    leaving += 2 * kLanes;
    entering += 2 * kLanes;
    if (++n == window) n = 0;
  }
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

/// The inner stage of one block of frequencies.
template <int kLanes>
SlideBlock chooseSlide(const FrequencyBlock& block) {
  if (!block.mirrored) return chooseSlideBlock<kLanes>(block.count, block.pattern);
  if (block.firstFrequency == 0) return chooseSlideMirrored<kLanes, true>(block.count, block.pattern);
  return chooseSlideMirrored<kLanes, false>(block.count, block.pattern);
}
