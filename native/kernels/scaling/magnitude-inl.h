// Magnitudes of the sliding sums (no include guard: compiled per target).

template <int kLanes>
using Lanes = hn::FixedTag<float, kLanes>;

// Hardware square roots and one Newton step on an estimate use different execution units; taking some of each keeps
// both busy. This many of every four are square roots.
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
constexpr int kHardwareRoots = 3;
#else
constexpr int kHardwareRoots = 4;
#endif

/// Whether magnitude number `index` (0..3) of a block takes the square-root instruction.
constexpr bool hardwareRoot(int index) { return index < kHardwareRoots; }

// sum + |re + i im|; the Newton form is sqrt(t) = t y (3 - t y^2) / 2 with y ~ 1/sqrt(t).
template <bool kHardware, class D, class V = hn::Vec<D>>
HWY_INLINE V addMagnitude(D d, V re, V im, V sum) {
  const V tiny = hn::Set(d, 1e-30f);  // keeps 1/sqrt finite; far below any magnitude that matters (maps are near 1)
  const V power = hn::MulAdd(im, im, hn::MulAdd(re, re, tiny));
  if constexpr (kHardware) return hn::Add(sum, hn::Sqrt(power));
  const V y = hn::ApproximateReciprocalSqrt(power);
  const V m = hn::Mul(power, y);
  const V correction = hn::NegMulAdd(m, y, hn::Set(d, 3.0f));
  return hn::MulAdd(hn::Mul(m, hn::Set(d, 0.5f)), correction, sum);
}

/// Sums of neighbouring frequencies on their way to the bins: one load and store for each bin, not for each frequency.
template <int kLanes>
class BinSum {
 public:
  HWY_INLINE BinSum(float* to, size_t binStride) : to_(to), binStride_(binStride) {
    sum_ = hn::Load(Lanes<kLanes>(), to);
  }

  template <bool kHardware, class V>
  HWY_INLINE void add(V re, V im) {
    sum_ = addMagnitude<kHardware>(Lanes<kLanes>(), re, im, sum_);
  }

  HWY_INLINE void nextBin() {
    store();
    to_ += binStride_;
    sum_ = hn::Load(Lanes<kLanes>(), to_);
  }

  HWY_INLINE void store() const { hn::Store(sum_, Lanes<kLanes>(), to_); }

 private:
  float* to_;
  size_t binStride_;
  hn::Vec<Lanes<kLanes>> sum_;
};

/// Calls body(integral_constant<int, j>()) for j = 0 ... kCount - 1: the kind of root depends on j when compiling.
template <int kCount, class Body>
HWY_INLINE void forEach(Body body) {
  static_assert(kCount <= 4);
  if constexpr (kCount > 0) body(std::integral_constant<int, 0>());
  if constexpr (kCount > 1) body(std::integral_constant<int, 1>());
  if constexpr (kCount > 2) body(std::integral_constant<int, 2>());
  if constexpr (kCount > 3) body(std::integral_constant<int, 3>());
}
