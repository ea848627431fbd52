// Inner stage of the octant: a frequency k and h - k together (no include guard: compiled per target).
//
// With A = p cos + i q cos and B = q sin - i p sin, for an increment p + i q at position n of the run and the twiddle
// of k, the increments are A + B of G(k) and (-1)^n (A - B) of G(h - k). Keep H = +-G(h - k), its sign turning with n:
//
//   G <- G + A + B,  H <- A - B - H;   so X = (G + H)/2 and Y = (G - H)/2 become  X <- A + Y,  Y <- B + X
//
// which is four multiply-adds for both, as many as one frequency takes alone. The additions G = X + Y and H = X - Y
// come on top; many processors have units of their own for them.

template <int kLanes, int kCount>
struct TurnedState {
  hn::Vec<Lanes<kLanes>> xr[kCount], xi[kCount], yr[kCount], yi[kCount];
};

// |G(k)| in ascending order into the bins from `low` on, then |G(h - k)| into those from `high` on.
template <int kLanes, int kCount, int kPattern>
HWY_INLINE void recordTurned(const TurnedState<kLanes, kCount>& g, float* low, float* high, size_t binStride) {
  BinSum<kLanes> lowSum(low, binStride);
  forEach<kCount>([&](auto index) HWY_ATTR {
    constexpr int j = decltype(index)::value;
    if constexpr (j == 1 && (kPattern & 1) != 0) lowSum.nextBin();
    lowSum.template add<hardwareRoot(j)>(hn::Add(g.xr[j], g.yr[j]), hn::Add(g.xi[j], g.yi[j]));
  });
  lowSum.store();
  BinSum<kLanes> highSum(high, binStride);  // may go on with the bin that was just stored
  forEach<kCount>([&](auto index) HWY_ATTR {
    constexpr int i = decltype(index)::value, j = kCount - 1 - i;
    if constexpr (i == 1 && (kPattern & 2) != 0) highSum.nextBin();
    highSum.template add<hardwareRoot(kCount + i)>(hn::Sub(g.xr[j], g.yr[j]), hn::Sub(g.xi[j], g.yi[j]));
  });
  highSum.store();
}

// As slideBlock, with h - k for every frequency k.
template <int kLanes, int kCount, int kPattern, bool kFromZero>
void slideTurned(const SlideRun& run, const FrequencyBlock& block, const float* HWY_RESTRICT twiddles) {
  const Lanes<kLanes> d;
  using V = hn::Vec<Lanes<kLanes>>;
  const int half = run.window / 2;
  const size_t twiddleStride = 2 * static_cast<size_t>(run.window);
  TurnedState<kLanes, kCount> g;
  const auto add = [&](V cr, V ci, V sr, V si, const float* HWY_RESTRICT t) HWY_ATTR {
    LOCSCALE_UNROLL(2)
    for (int j = 0; j < kCount; j++) {
      const V xr = g.xr[j], xi = g.xi[j];
      if (kFromZero && j == 0) {
        g.xr[0] = hn::Add(g.yr[0], cr);
        g.xi[0] = hn::Add(g.yi[0], ci);
        g.yr[0] = xr;
        g.yi[0] = xi;
        continue;
      }
      const auto c = hn::Set(d, t[j * twiddleStride]), s = hn::Set(d, t[j * twiddleStride + 1]);
      g.xr[j] = hn::MulAdd(cr, c, g.yr[j]);
      g.xi[j] = hn::MulAdd(ci, c, g.yi[j]);
      g.yr[j] = hn::MulAdd(si, s, xr);
      g.yi[j] = hn::NegMulAdd(sr, s, xi);
    }
  };
  // The first window in full, from rows folded about its middle: G = H = P0 at position 0.
  const float* folded = run.folded;
  const V zero = hn::Zero(d);
  LOCSCALE_UNROLL(2)
  for (int j = 0; j < kCount; j++) {
    g.xr[j] = hn::Load(d, folded);
    g.xi[j] = hn::Load(d, folded + kLanes);
    g.yr[j] = g.yi[j] = zero;
  }
  addFoldedRows<kLanes>(run, twiddles, add);
  add(hn::Load(d, folded + 2 * kLanes), hn::Load(d, folded + 3 * kLanes), zero, zero, twiddles + 2 * half);
  // H has the sign of position h now; the slide begins after position -1. A change of its sign exchanges X and Y.
  if (half % 2 == 0) {
    LOCSCALE_UNROLL(2)
    for (int j = 0; j < kCount; j++) {
      std::swap(g.xr[j], g.yr[j]);
      std::swap(g.xi[j], g.yi[j]);
    }
  }
  float* low = run.profile + block.firstBin * run.binStride;
  float* high = run.profile + block.turnedBin * run.binStride;
  const size_t binStride = run.binStride;
  recordTurned<kLanes, kCount, kPattern>(g, low, high, binStride);
  slideRows<kLanes>(run, twiddles, [&](V dr, V di, const float* HWY_RESTRICT t, size_t at) HWY_ATTR {
    add(dr, di, dr, di, t);
    recordTurned<kLanes, kCount, kPattern>(g, low + at, high + at, binStride);
  });
}

template <int kLanes, bool kFromZero>
SlideBlock chooseSlideTurned(int count, int pattern) {
  switch (count * 4 + pattern) {
#define LOCSCALE_CASE(count, pattern) \
  case count * 4 + pattern:           \
    return slideTurned<kLanes, count, pattern, kFromZero>;
    LOCSCALE_CASE(1, 0)
    LOCSCALE_CASE(2, 0)
    LOCSCALE_CASE(2, 1)
    LOCSCALE_CASE(2, 2)
    LOCSCALE_CASE(2, 3)
#undef LOCSCALE_CASE
    default:
      return nullptr;
  }
}
