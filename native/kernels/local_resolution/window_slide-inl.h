// Inner stage: transforms of the tapered windows along y (no include guard: compiled per target).
//
// Per frequency k and window centre c it keeps H(k) = (-1)^k sum_n T(n) exp(-2 pi i k (n - c) / w), the transform
// without taper and with the phase of the window's first row, where T is the line's state with the tapers along x and z
// applied. The next window's is exp(2 pi i k / w) (H(k) + T(c + h) - T(c - h)); the taper along y is H(k) - (H(k-1) +
// H(k+1)) / 2. Rounding of the turning factor stays far below that of float32 sums because no slide is longer than a
// tile.

template <int kLanes>
using Lanes = hn::FixedTag<float, kLanes>;

/// Frequencies whose states a processor holds in registers at once, beside two more for the taper.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON
constexpr int kMostCount = 8;
#else
constexpr int kMostCount = 4;
#endif
/// Rows that one half map goes through before the other takes its turn; what they exchange stays in the nearest cache.
constexpr int kChunkRows = 16;

/// Up to kMostCount consecutive inner frequencies of a line.
struct FrequencyBlock {
  int first, count;
  const int* shells;
};

/// Rows of a window folded about its centre row c: for m = 0 ... h - 1 T(c+m) + T(c-m) and T(c+m) - T(c-m) (for m = 0
/// T(c) and 0), each as real and imaginary vectors; then T(c-h).
template <int kLanes>
HWY_INLINE void foldWindow(const float* HWY_RESTRICT rows, int half, float* HWY_RESTRICT folded) {
  const Lanes<kLanes> d;
  const float* centre = rows + 2 * kLanes * static_cast<size_t>(half);
  hn::Store(hn::Load(d, centre), d, folded);
  hn::Store(hn::Load(d, centre + kLanes), d, folded + kLanes);
  hn::Store(hn::Zero(d), d, folded + 2 * kLanes);
  hn::Store(hn::Zero(d), d, folded + 3 * kLanes);
  for (int m = 1; m < half; m++) {
    folded += 4 * kLanes;
    const float* after = centre + 2 * kLanes * static_cast<size_t>(m);
    const float* before = centre - 2 * kLanes * static_cast<size_t>(m);
    for (int part = 0; part < 2; part++) {
      const auto a = hn::Load(d, after + part * kLanes), b = hn::Load(d, before + part * kLanes);
      hn::Store(hn::Add(a, b), d, folded + part * kLanes);
      hn::Store(hn::Sub(a, b), d, folded + (2 + part) * kLanes);
    }
  }
  folded += 4 * kLanes;
  hn::Store(hn::Load(d, rows), d, folded);
  hn::Store(hn::Load(d, rows + kLanes), d, folded + kLanes);
}

/// H of the first window of a run, for frequencies first - 1 ... first + count, as (re, im) pairs in `states`.
template <int kLanes, int kCount>
void startBlock(const FscPlan& plan, int first, const float* HWY_RESTRICT folded, float* HWY_RESTRICT states) {
  const Lanes<kLanes> d;
  const size_t stride = 2 * static_cast<size_t>(plan.half);
  const float* HWY_RESTRICT table = plan.innerTable(first - 1);
  hn::Vec<Lanes<kLanes>> re[kCount + 2], im[kCount + 2];
  const float* edge = folded + 4 * kLanes * static_cast<size_t>(plan.half);
  LOCSCALE_UNROLL(10)
  for (int j = 0; j < kCount + 2; j++) {
    re[j] = hn::Load(d, edge);
    im[j] = hn::Load(d, edge + kLanes);
  }
  for (int m = 0; m < plan.half; m++, folded += 4 * kLanes) {
    const auto er = hn::Load(d, folded), ei = hn::Load(d, folded + kLanes);
    const auto odr = hn::Load(d, folded + 2 * kLanes), odi = hn::Load(d, folded + 3 * kLanes);
    LOCSCALE_UNROLL(10)
    for (int j = 0; j < kCount + 2; j++) {
      const auto c = hn::Set(d, table[j * stride + 2 * m]), s = hn::Set(d, table[j * stride + 2 * m + 1]);
      re[j] = hn::MulAdd(odi, s, hn::MulAdd(er, c, re[j]));
      im[j] = hn::NegMulAdd(odr, s, hn::MulAdd(ei, c, im[j]));
    }
  }
  LOCSCALE_UNROLL(10)
  for (int j = 0; j < kCount + 2; j++) {
    hn::Store(re[j], d, states + 2 * j * kLanes);
    hn::Store(im[j], d, states + (2 * j + 1) * kLanes);
  }
}

/// What a slide works on: `rows` points at T of the first window's first row.
struct SlideChunk {
  const float* rows;
  int count;          ///< windows
  float* states;      ///< H, updated
  float* transforms;  ///< of the first half map, (row, frequency, re and im)
  float* sums;        ///< shell 0, first row: cross term and both powers, 3 vectors a row
  size_t shellStride;
  const int* shells;
};

/// Slides over the windows of a chunk. The first half map leaves its transforms, the second adds the products to the
/// sums of their shells.
template <int kLanes, int kCount, bool kSecond>
void slideBlock(const FscPlan& plan, int first, const SlideChunk& chunk) {
  const Lanes<kLanes> d;
  using V = hn::Vec<Lanes<kLanes>>;
  V re[kCount + 2], im[kCount + 2];
  float* HWY_RESTRICT states = chunk.states;
  LOCSCALE_UNROLL(10)
  for (int j = 0; j < kCount + 2; j++) {
    re[j] = hn::Load(d, states + 2 * j * kLanes);
    im[j] = hn::Load(d, states + (2 * j + 1) * kLanes);
  }
  const float* HWY_RESTRICT turns = plan.turn(first - 1);
  float* HWY_RESTRICT sums[kCount];
  for (int j = 0; j < kCount; j++) sums[j] = chunk.sums + static_cast<size_t>(chunk.shells[j]) * chunk.shellStride;
  const V half = hn::Set(d, 0.5f);
  const float* HWY_RESTRICT leaving = chunk.rows;
  const float* HWY_RESTRICT entering = chunk.rows + 2 * kLanes * static_cast<size_t>(plan.window);
  float* HWY_RESTRICT transforms = chunk.transforms;
  for (int row = 0; row < chunk.count; row++) {
    LOCSCALE_UNROLL(8)
    for (int j = 0; j < kCount; j++) {
      const V br = hn::NegMulAdd(half, hn::Add(re[j], re[j + 2]), re[j + 1]);
      const V bi = hn::NegMulAdd(half, hn::Add(im[j], im[j + 2]), im[j + 1]);
      float* HWY_RESTRICT transform = transforms + 2 * j * kLanes;
      if constexpr (kSecond) {
        const V ar = hn::Load(d, transform), ai = hn::Load(d, transform + kLanes);
        float* HWY_RESTRICT sum = sums[j] + static_cast<size_t>(row) * 3 * kLanes;
        hn::Store(hn::MulAdd(ai, bi, hn::MulAdd(ar, br, hn::Load(d, sum))), d, sum);
        hn::Store(hn::MulAdd(ai, ai, hn::MulAdd(ar, ar, hn::Load(d, sum + kLanes))), d, sum + kLanes);
        hn::Store(hn::MulAdd(bi, bi, hn::MulAdd(br, br, hn::Load(d, sum + 2 * kLanes))), d, sum + 2 * kLanes);
      } else {
        hn::Store(br, d, transform);
        hn::Store(bi, d, transform + kLanes);
      }
    }
    transforms += 2 * kMostCount * kLanes;
    const V dr = hn::Sub(hn::Load(d, entering), hn::Load(d, leaving));
    const V di = hn::Sub(hn::Load(d, entering + kLanes), hn::Load(d, leaving + kLanes));
    LOCSCALE_UNROLL(10)
    for (int j = 0; j < kCount + 2; j++) {
      const V c = hn::Set(d, turns[2 * j]), s = hn::Set(d, turns[2 * j + 1]);
      const V sr = hn::Add(re[j], dr), si = hn::Add(im[j], di);
      re[j] = hn::NegMulAdd(si, s, hn::Mul(sr, c));
      im[j] = hn::MulAdd(sr, s, hn::Mul(si, c));
    }
    leaving += 2 * kLanes;
    entering += 2 * kLanes;
  }
  LOCSCALE_UNROLL(10)
  for (int j = 0; j < kCount + 2; j++) {
    hn::Store(re[j], d, states + 2 * j * kLanes);
    hn::Store(im[j], d, states + (2 * j + 1) * kLanes);
  }
}

/// The functions for blocks of one length.
struct BlockFunctions {
  void (*start)(const FscPlan&, int, const float*, float*);
  void (*slide[2])(const FscPlan&, int, const SlideChunk&);
};

template <int kLanes, int kCount = 1>
BlockFunctions blockFunctions(int count) {
  if constexpr (kCount < kMostCount) {
    if (count > kCount) return blockFunctions<kLanes, kCount + 1>(count);
  }
  return {startBlock<kLanes, kCount>, {slideBlock<kLanes, kCount, false>, slideBlock<kLanes, kCount, true>}};
}
