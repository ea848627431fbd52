// Nonlinear part: sliding absolute-phase transforms of the windows of one tile (no include guard: compiled per target).
//
//   A[kx](x,y,z)     = sum_m f(x-h+m, y, z) W^(kx m)                    lane stage, plain sum over the window
//   P[kx,kz](y)     += (A(section z+h-1) - A(section z-h-1)) W^(kz z)   outer stage, slides from section to section
//   G[kx,ky,kz](y)  += (P(y+h-1) - P(y-h-1)) W^(ky y)                   inner stage, slides in registers
//
// W = exp(-2*pi*i/w). Phases are those of the absolute index, so the sample that enters and the one that leaves carry
// the same factor (period w) and the sums only ever add: rounding does a random walk instead of growing. |G| is the
// magnitude of the window's transform at (kx, ky, kz).

/// A run of voxels of one line, for all its blocks.
struct SlideRun {
  const float* state;   ///< P of the first window's first row
  const float* folded;  ///< that window's rows folded about its middle (see foldWindow)
  int rows;             ///< voxels
  int window;
  float* profile;  ///< sum of bin 0 at the first voxel
  size_t binStride;
};

// Slides over the rows of a run but the first: step(re, im, twiddles of the row's phase, voxel) for each, with the
// complex difference between the row that enters the window and the one that leaves.
template <int kLanes, class Step>
HWY_INLINE void slideRows(const SlideRun& run, const float* HWY_RESTRICT twiddles, Step step) {
  const Lanes<kLanes> d;
  const int window = run.window;
  const float* HWY_RESTRICT leaving = run.state;
  const float* HWY_RESTRICT entering = run.state + 2 * kLanes * static_cast<size_t>(window);
  const size_t end = static_cast<size_t>(run.rows) * kLanes;
  int n = 0;
  for (size_t at = kLanes; at < end; at += kLanes, leaving += 2 * kLanes, entering += 2 * kLanes) {
    const auto dr = hn::Sub(hn::Load(d, entering), hn::Load(d, leaving));
    const auto di = hn::Sub(hn::Load(d, entering + kLanes), hn::Load(d, leaving + kLanes));
    step(dr, di, twiddles + 2 * n, at);
    if (++n == window) n = 0;
  }
}

// Adds the terms of a folded window to running sums that begin with its middle and edge rows: add(re, im of the even
// part, re, im of the odd part, twiddles) for m = 1 ... h - 1.
template <int kLanes, class Add>
HWY_INLINE void addFoldedRows(const SlideRun& run, const float* HWY_RESTRICT twiddles, Add add) {
  const Lanes<kLanes> d;
  const float* HWY_RESTRICT f = run.folded + 4 * kLanes;
  for (int m = 1; m < run.window / 2; m++, f += 4 * kLanes) {
    add(hn::Load(d, f), hn::Load(d, f + kLanes), hn::Load(d, f + 2 * kLanes), hn::Load(d, f + 3 * kLanes),
        twiddles + 2 * m);
  }
}

/// The running sums of `kCount` consecutive inner frequencies.
template <int kLanes, int kCount>
struct InnerState {
  hn::Vec<Lanes<kLanes>> re[kCount], im[kCount];
};

template <int kLanes, int kCount, int kPattern>
HWY_INLINE void recordMagnitudes(const InnerState<kLanes, kCount>& g, float* to, size_t binStride) {
  BinSum<kLanes> sum(to, binStride);
  forEach<kCount>([&](auto index) HWY_ATTR {
    constexpr int j = decltype(index)::value;
    if constexpr (((kPattern << 1 >> j) & 1) != 0) sum.nextBin();
    sum.template add<hardwareRoot(j)>(g.re[j], g.im[j]);
  });
  sum.store();
}

// Slides one block of a line over a run; kFromZero: its first frequency is 0, whose twiddle is 1.
template <int kLanes, int kCount, int kPattern, bool kFromZero>
void slideBlock(const SlideRun& run, const FrequencyBlock& block, const float* HWY_RESTRICT twiddles) {
  const Lanes<kLanes> d;
  using V = hn::Vec<Lanes<kLanes>>;
  const size_t twiddleStride = 2 * static_cast<size_t>(run.window);
  InnerState<kLanes, kCount> g;
  const auto add = [&](V cr, V ci, V sr, V si, const float* HWY_RESTRICT t) HWY_ATTR {
    LOCSCALE_UNROLL(4)
    for (int j = 0; j < kCount; j++) {
      if (kFromZero && j == 0) {
        g.re[0] = hn::Add(g.re[0], cr);
        g.im[0] = hn::Add(g.im[0], ci);
        continue;
      }
      const auto c = hn::Set(d, t[j * twiddleStride]), s = hn::Set(d, t[j * twiddleStride + 1]);
      g.re[j] = hn::MulAdd(si, s, hn::MulAdd(cr, c, g.re[j]));
      g.im[j] = hn::NegMulAdd(sr, s, hn::MulAdd(ci, c, g.im[j]));
    }
  };
  // The first window in full: P0 + (-1)^k Ph + sum_m (even_m cos - i odd_m sin), half the work of sliding into it.
  const float* folded = run.folded;
  LOCSCALE_UNROLL(4)
  for (int j = 0; j < kCount; j++) {
    const auto sign = hn::Set(d, ((block.firstFrequency + j) & 1) != 0 ? -1.0f : 1.0f);
    g.re[j] = hn::MulAdd(sign, hn::Load(d, folded + 2 * kLanes), hn::Load(d, folded));
    g.im[j] = hn::MulAdd(sign, hn::Load(d, folded + 3 * kLanes), hn::Load(d, folded + kLanes));
  }
  addFoldedRows<kLanes>(run, twiddles, add);
  float* to = run.profile + block.firstBin * run.binStride;
  const size_t binStride = run.binStride;
  recordMagnitudes<kLanes, kCount, kPattern>(g, to, binStride);
  slideRows<kLanes>(run, twiddles, [&](V dr, V di, const float* HWY_RESTRICT t, size_t at) HWY_ATTR {
    add(dr, di, dr, di, t);
    recordMagnitudes<kLanes, kCount, kPattern>(g, to + at, binStride);
  });
}

using SlideBlock = void (*)(const SlideRun&, const FrequencyBlock&, const float*);

template <int kLanes, bool kFromZero>
SlideBlock chooseSlideBlock(int count, int pattern) {
  switch (count * 8 + pattern) {
#define LOCSCALE_CASE(count, pattern) \
  case count * 8 + pattern:           \
    return slideBlock<kLanes, count, pattern, kFromZero>;
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
