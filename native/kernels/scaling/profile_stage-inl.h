// Nonlinear part: sliding absolute-phase transforms of the windows of one tile (no include guard: compiled per target).
//
//   A[kx](x,y,z)     = sum_m f(x-h+m, y, z) W^(kx m)                    lane stage, plain sum over the window
//   P[kx,kz](y)     += (A(section z+h-1) - A(section z-h-1)) W^(kz z)   outer stage, slides from section to section
//   G[kx,ky,kz](y)  += (P(y+h-1) - P(y-h-1)) W^(ky y)                   inner stage, slides in registers
//
// W = exp(-2*pi*i/w). Phases are those of the absolute index, so the sample that enters and the one that leaves carry
// the same factor (period w) and the sums only ever add: rounding does a random walk instead of growing. |G| is the
// magnitude of the window's transform at (kx, ky, kz).

// How magnitudes are taken. Hardware square roots and one Newton step on the reciprocal-root estimate use different
// execution units; taking some of each keeps both busy. kHardwareRoots of every four are square roots.
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
constexpr int kHardwareRoots = 3;
#else
constexpr int kHardwareRoots = 4;
#endif

template <int kLanes>
using Lanes = hn::FixedTag<float, kLanes>;

// sum + |re + i im|; the Newton form is sqrt(t) = t y (3 - t y^2) / 2 with y ~ 1/sqrt(t).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V addMagnitude(D d, V re, V im, V sum, bool hardware) {
  const V tiny = hn::Set(d, 1e-30f);  // keeps 1/sqrt finite; far below any magnitude that matters (maps are near 1)
  const V power = hn::MulAdd(im, im, hn::MulAdd(re, re, tiny));
  if (hardware) return hn::Add(sum, hn::Sqrt(power));
  const V y = hn::ApproximateReciprocalSqrt(power);
  const V m = hn::Mul(power, y);
  const V correction = hn::NegMulAdd(m, y, hn::Set(d, 3.0f));
  return hn::MulAdd(hn::Mul(m, hn::Set(d, 0.5f)), correction, sum);
}

// One step of `kCount` consecutive inner frequencies: advances G by the complex difference (dr, di) with phase index n
// and, when recording, adds |G| to the bins that `kPattern` says.
template <int kLanes, int kCount>
struct InnerState {
  using V = hn::Vec<Lanes<kLanes>>;
  V re[kCount], im[kCount];
};

template <int kLanes, int kCount, int kPattern>
HWY_INLINE void recordMagnitudes(const InnerState<kLanes, kCount>& g, float* acc, size_t binStride) {
  const Lanes<kLanes> d;
  auto sum = hn::Load(d, acc);
  LOCSCALE_UNROLL(4)
  for (int j = 0; j < kCount; j++) {
    sum = addMagnitude(d, g.re[j], g.im[j], sum, j < kHardwareRoots);
    if (j + 1 < kCount && ((kPattern >> j) & 1)) {
      hn::Store(sum, d, acc);
      acc += binStride;
      sum = hn::Load(d, acc);
    }
  }
  hn::Store(sum, d, acc);
}

// Slides one block of a line over a run of `rows` voxels. `state` points at P of the first window's first row; `folded`
// holds that window's rows folded about its middle (see foldWindow).
template <int kLanes, int kCount, int kPattern>
void slideBlock(const float* HWY_RESTRICT state, const float* HWY_RESTRICT folded, int rows, int window,
                const float* HWY_RESTRICT twiddles, float* HWY_RESTRICT acc, size_t binStride, int firstFrequency) {
  const Lanes<kLanes> d;
  const int half = window / 2;
  const size_t twiddleStride = 2 * static_cast<size_t>(window);
  InnerState<kLanes, kCount> g;
  // The first window in full: P0 + (-1)^k Ph + sum_m (even_m cos - i odd_m sin), half the work of sliding into it.
  {
    const auto p0r = hn::Load(d, folded), p0i = hn::Load(d, folded + kLanes);
    const auto phr = hn::Load(d, folded + 2 * kLanes), phi = hn::Load(d, folded + 3 * kLanes);
    LOCSCALE_UNROLL(4)
    for (int j = 0; j < kCount; j++) {
      const bool odd = ((firstFrequency + j) & 1) != 0;
      g.re[j] = odd ? hn::Sub(p0r, phr) : hn::Add(p0r, phr);
      g.im[j] = odd ? hn::Sub(p0i, phi) : hn::Add(p0i, phi);
    }
    const float* f = folded + 4 * kLanes;
    for (int m = 1; m < half; m++, f += 4 * kLanes) {
      const auto er = hn::Load(d, f), ei = hn::Load(d, f + kLanes);
      const auto odr = hn::Load(d, f + 2 * kLanes), odi = hn::Load(d, f + 3 * kLanes);
      LOCSCALE_UNROLL(4)
      for (int j = 0; j < kCount; j++) {
        const auto c = hn::Set(d, twiddles[j * twiddleStride + 2 * m]);
        const auto s = hn::Set(d, twiddles[j * twiddleStride + 2 * m + 1]);
        g.re[j] = hn::MulAdd(odi, s, hn::MulAdd(er, c, g.re[j]));
        g.im[j] = hn::NegMulAdd(odr, s, hn::MulAdd(ei, c, g.im[j]));
      }
    }
  }
  recordMagnitudes<kLanes, kCount, kPattern>(g, acc, binStride);

  const float* leaving = state;
  const float* entering = state + 2 * kLanes * static_cast<size_t>(window);
  int n = 0;
  for (int row = 1; row < rows; row++) {
    acc += kLanes;
    const auto dr = hn::Sub(hn::Load(d, entering), hn::Load(d, leaving));
    const auto di = hn::Sub(hn::Load(d, entering + kLanes), hn::Load(d, leaving + kLanes));
    const float* HWY_RESTRICT t = twiddles + 2 * n;
    LOCSCALE_UNROLL(4)
    for (int j = 0; j < kCount; j++) {
      const auto c = hn::Set(d, t[j * twiddleStride]);
      const auto s = hn::Set(d, t[j * twiddleStride + 1]);
      g.re[j] = hn::MulAdd(di, s, hn::MulAdd(dr, c, g.re[j]));
      g.im[j] = hn::NegMulAdd(dr, s, hn::MulAdd(di, c, g.im[j]));
    }
    recordMagnitudes<kLanes, kCount, kPattern>(g, acc, binStride);
    leaving += 2 * kLanes;
    entering += 2 * kLanes;
    if (++n == window) n = 0;
  }
}

using SlideBlock = void (*)(const float*, const float*, int, int, const float*, float*, size_t, int);

template <int kLanes>
SlideBlock chooseSlideBlock(int count, int pattern) {
  switch (count * 8 + pattern) {
#define LOCSCALE_CASE(count, pattern) \
  case count * 8 + pattern:           \
    return slideBlock<kLanes, count, pattern>;
    LOCSCALE_CASE(1, 0)
    LOCSCALE_CASE(2, 0)
    LOCSCALE_CASE(2, 1)
    LOCSCALE_CASE(3, 0)
    LOCSCALE_CASE(3, 1)
    LOCSCALE_CASE(3, 2)
    LOCSCALE_CASE(3, 3)
    LOCSCALE_CASE(4, 0)
    LOCSCALE_CASE(4, 1)
    LOCSCALE_CASE(4, 2)
    LOCSCALE_CASE(4, 3)
    LOCSCALE_CASE(4, 4)
    LOCSCALE_CASE(4, 5)
    LOCSCALE_CASE(4, 6)
    LOCSCALE_CASE(4, 7)
#undef LOCSCALE_CASE
    default:
      return nullptr;
  }
}

// Rows of the first window of a run folded about its middle: P0, Ph, then for m = 1..h-1 Pm + P(w-m) and Pm - P(w-m),
// each as real and imaginary vectors.
template <int kLanes>
HWY_INLINE void foldWindow(const float* HWY_RESTRICT state, int window, float* HWY_RESTRICT folded) {
  const Lanes<kLanes> d;
  const int half = window / 2;
  const float* middle = state + 2 * kLanes * static_cast<size_t>(half);
  hn::Store(hn::Load(d, state), d, folded);
  hn::Store(hn::Load(d, state + kLanes), d, folded + kLanes);
  hn::Store(hn::Load(d, middle), d, folded + 2 * kLanes);
  hn::Store(hn::Load(d, middle + kLanes), d, folded + 3 * kLanes);
  float* to = folded + 4 * kLanes;
  for (int m = 1; m < half; m++, to += 4 * kLanes) {
    const float* a = state + 2 * kLanes * static_cast<size_t>(m);
    const float* b = state + 2 * kLanes * static_cast<size_t>(window - m);
    const auto ar = hn::Load(d, a), ai = hn::Load(d, a + kLanes);
    const auto br = hn::Load(d, b), bi = hn::Load(d, b + kLanes);
    hn::Store(hn::Add(ar, br), d, to);
    hn::Store(hn::Add(ai, bi), d, to + kLanes);
    hn::Store(hn::Sub(ar, br), d, to + 2 * kLanes);
    hn::Store(hn::Sub(ai, bi), d, to + 3 * kLanes);
  }
}

// Lane stage of one row: A[kx] for kx = 0..h from the row's difference (entering minus leaving section). Even and odd
// samples are summed apart, which gives kx and h - kx from the same products.
template <int kLanes>
HWY_INLINE void laneStage(const float* HWY_RESTRICT difference, float* HWY_RESTRICT even, float* HWY_RESTRICT odd,
                          int window, const float* HWY_RESTRICT twiddles, float* HWY_RESTRICT out, size_t outStride) {
  const Lanes<kLanes> d;
  const int half = window / 2;
  for (int m = 1; m < half; m++) {
    const auto a = hn::LoadU(d, difference + m), b = hn::LoadU(d, difference + window - m);
    hn::Store(hn::Add(a, b), d, even + m * kLanes);
    hn::Store(hn::Sub(a, b), d, odd + m * kLanes);
  }
  hn::Store(hn::LoadU(d, difference), d, even);
  hn::Store(hn::LoadU(d, difference + half), d, even + half * kLanes);
  const size_t rowOf = 2 * static_cast<size_t>(window);
  const auto pass = [&](int k, auto frequencies) HWY_ATTR {
    constexpr int kCount = decltype(frequencies)::value;
    hn::Vec<Lanes<kLanes>> re[2][kCount], im[2][kCount];  // [parity of m][frequency]
    LOCSCALE_UNROLL(4)
    for (int j = 0; j < kCount; j++) {
      const float* t = twiddles + (k + j) * rowOf;
      re[0][j] = hn::Mul(hn::Load(d, even), hn::Set(d, t[0]));
      const auto edge = hn::Mul(hn::Load(d, even + half * kLanes), hn::Set(d, t[2 * half]));
      re[1][j] = hn::Zero(d);
      re[half & 1][j] = hn::Add(re[half & 1][j], edge);
      im[0][j] = im[1][j] = hn::Zero(d);
    }
    const auto add = [&](int m, int parity) HWY_ATTR {
      const auto e = hn::Load(d, even + m * kLanes), o = hn::Load(d, odd + m * kLanes);
      LOCSCALE_UNROLL(4)
      for (int j = 0; j < kCount; j++) {
        const float* t = twiddles + (k + j) * rowOf + 2 * static_cast<size_t>(m);
        re[parity][j] = hn::MulAdd(e, hn::Set(d, t[0]), re[parity][j]);
        im[parity][j] = hn::MulAdd(o, hn::Set(d, t[1]), im[parity][j]);
      }
    };
    int m = 1;
    for (; m + 1 < half; m += 2) {
      add(m, 1);
      add(m + 1, 0);
    }
    if (m < half) add(m, 1);
    LOCSCALE_UNROLL(4)
    for (int j = 0; j < kCount; j++) {
      float* low = out + (k + j) * outStride;
      float* high = out + (half - k - j) * outStride;
      hn::Store(hn::Add(re[0][j], re[1][j]), d, low);
      hn::Store(hn::Neg(hn::Add(im[0][j], im[1][j])), d, low + kLanes);
      hn::Store(hn::Sub(re[0][j], re[1][j]), d, high);
      hn::Store(hn::Sub(im[0][j], im[1][j]), d, high + kLanes);
    }
  };
  int k = 0;
  for (; k + 1 <= half / 2; k += 2) pass(k, std::integral_constant<int, 2>());
  if (k <= half / 2) pass(k, std::integral_constant<int, 1>());
}
