// Scale factors of a few neighbouring voxels from their profiles (no include guard: compiled per target).

/// Profiles of the voxels in one vector: sums of magnitudes, `binStride` floats from bin to bin.
struct ProfileView {
  const float* map;
  const float* reference;
  size_t binStride;
};

/// A line through ln(amplitude) against f^2, per lane, in true units.
template <int kLanes>
struct FittedLine {
  hn::Vec<Lanes<kLanes>> slope, intercept, quality;  ///< quality is R^2
};

template <int kLanes>
class FactorStage {
 public:
  using V = hn::Vec<Lanes<kLanes>>;
  using M = hn::Mask<Lanes<kLanes>>;

  /// Results that accompany the factors: B-factor (square angstrom), quality of its fit, and where the fit failed.
  struct Fits {
    V bfactor, quality;
    M failed;
  };

  explicit FactorStage(const ScaleFactorRule& rule) : rule_(rule) {}

  // factors[bin] for bins 0..h as vectors; `dc` is the map's bin 0 from the exact window sum. `theoretical` marks the
  // lanes that take the theoretical form. Factors that are not finite become 0, as in LocScale.
  HWY_INLINE Fits evaluate(const ProfileView& profile, int bins, V dc, M theoretical,
                           float* HWY_RESTRICT factors) const {
    const Lanes<kLanes> d;
    Fits fits{hn::Zero(d), hn::Zero(d), hn::FirstN(d, 0)};
    if (rule_.form == ScalingForm::kNoReference) {
      noReference(profile, bins, factors, fits);
      return fits;
    }
    store(0, hn::Div(hn::Load(d, profile.reference), dc), factors);
    for (int bin = 1; bin < bins; bin++) {
      const V reference = hn::Load(d, profile.reference + bin * profile.binStride);
      store(bin, hn::Div(reference, hn::Load(d, profile.map + bin * profile.binStride)), factors);
    }
    if (!rule_.bfactors) return fits;
    if (rule_.fixed.end > 0) {
      const auto line = fit(profile.reference, profile.binStride, rule_.logReference, rule_.fixed, fits.failed);
      report(line, fits);
    }
    if (!rule_.local.empty() && !hn::AllFalse(d, theoretical)) addDeviation(profile, bins, theoretical, factors, fits);
    return fits;
  }

 private:
  static HWY_INLINE void store(int bin, V factor, float* factors) {
    const Lanes<kLanes> d;
    hn::Store(hn::IfThenElseZero(hn::IsFinite(factor), factor), d, factors + bin * kLanes);
  }

  // A failed fit of an atomic lane costs its B-factor only; the factors stand.
  static HWY_INLINE void report(const FittedLine<kLanes>& line, Fits& fits) {
    const Lanes<kLanes> d;
    fits.bfactor = hn::IfThenZeroElse(fits.failed, hn::Mul(hn::Set(d, -4.0f), line.slope));
    fits.quality = hn::IfThenZeroElse(fits.failed, line.quality);
  }

  // Least squares in two passes; a lane with an amplitude of 0 among the bins, or no slope, joins `failed`.
  HWY_INLINE FittedLine<kLanes> fit(const float* sums, size_t binStride, const std::vector<float>& logUnit,
                                    const LineFit& range, M& failed) const {
    const Lanes<kLanes> d;
    const int n = range.end - range.first;
    V logs[kMaxBins];
    V mean = hn::Zero(d);
    for (int i = 0; i < n; i++) {
      const int bin = range.first + i;
      const V sum = hn::Load(d, sums + bin * binStride);
      failed = hn::Or(failed, hn::Not(hn::Gt(sum, hn::Zero(d))));
      logs[i] = hn::Add(hn::Log(d, hn::Max(sum, hn::Set(d, 1e-37f))), hn::Set(d, logUnit[bin]));
      mean = hn::Add(mean, logs[i]);
    }
    mean = hn::Mul(mean, hn::Set(d, 1.0f / static_cast<float>(n)));
    V sxy = hn::Zero(d), syy = hn::Zero(d);
    for (int i = 0; i < n; i++) {
      const V y = hn::Sub(logs[i], mean);
      sxy = hn::MulAdd(y, hn::Set(d, rule_.x[range.first + i] - range.meanX), sxy);
      syy = hn::MulAdd(y, y, syy);
    }
    FittedLine<kLanes> line;
    line.slope = hn::Mul(sxy, hn::Set(d, range.inverseSxx));
    line.intercept = hn::NegMulAdd(line.slope, hn::Set(d, range.meanX), mean);
    const V quality = hn::Div(hn::Mul(line.slope, sxy), syy);
    line.quality = hn::IfThenElseZero(hn::IsFinite(quality), quality);
    failed = hn::Or(failed, hn::Not(hn::IsFinite(line.slope)));
    return line;
  }

  // S = exp((B - B_target) f^2/4) times the low-pass, with B = -4 slope of the map's own profile.
  HWY_INLINE void noReference(const ProfileView& profile, int bins, float* factors, Fits& fits) const {
    const Lanes<kLanes> d;
    const auto line = fit(profile.map, profile.binStride, rule_.logMap, rule_.fixed, fits.failed);
    report(line, fits);
    const V exponent = hn::Sub(hn::Set(d, rule_.targetSlope), line.slope);
    for (int bin = 0; bin < bins; bin++) {
      const V factor = hn::Mul(hn::Exp(d, hn::Mul(exponent, hn::Set(d, rule_.x[bin]))), hn::Set(d, rule_.lowPass[bin]));
      store(bin, hn::IfThenZeroElse(fits.failed, factor), factors);
    }
  }

  // Target = reference + boost * deviation, deviation = theory scaled onto the reference's line, minus that line. The
  // fit of the scaled theory would return the reference's line: it is linear in the same f^2 over the same bins.
  HWY_INLINE void addDeviation(const ProfileView& profile, int bins, M theoretical, float* factors, Fits& fits) const {
    const Lanes<kLanes> d;
    const V dc = hn::Load(d, profile.reference);
    M failed = hn::FirstN(d, 0);
    FittedLine<kLanes> line{hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    V theorySlope = hn::Zero(d), theoryIntercept = hn::Zero(d), first = hn::Zero(d);
    for (const LineFit& range : rule_.local) {
      const M here = hn::Ge(dc, hn::Set(d, range.smallestDc));
      if (hn::AllFalse(d, hn::And(here, theoretical))) continue;
      M failedHere = hn::FirstN(d, 0);
      const auto candidate = fit(profile.reference, profile.binStride, rule_.logReference, range, failedHere);
      failed = hn::Or(hn::And(here, failedHere), hn::AndNot(here, failed));
      line.slope = hn::IfThenElse(here, candidate.slope, line.slope);
      line.intercept = hn::IfThenElse(here, candidate.intercept, line.intercept);
      line.quality = hn::IfThenElse(here, candidate.quality, line.quality);
      theorySlope = hn::IfThenElse(here, hn::Set(d, range.theorySlope), theorySlope);
      theoryIntercept = hn::IfThenElse(here, hn::Set(d, range.theoryIntercept), theoryIntercept);
      first = hn::IfThenElse(here, hn::Set(d, static_cast<float>(range.first)), first);
    }
    const V slopeChange = hn::Sub(line.slope, theorySlope), interceptChange = hn::Sub(line.intercept, theoryIntercept);
    const int begin = rule_.local.back().first;
    for (int bin = 0; bin < bins; bin++) {
      V factor = hn::Load(d, factors + bin * kLanes);
      if (bin >= begin && bin < rule_.deviationEnd) {
        const V x = hn::Set(d, rule_.x[bin]);
        const V unit = hn::Set(d, rule_.logReference[bin]);
        const V theory = hn::Add(hn::MulAdd(slopeChange, x, interceptChange), hn::Set(d, rule_.logTheory[bin]));
        const V straight = hn::MulAdd(line.slope, x, line.intercept);
        const V deviation = hn::Sub(hn::Exp(d, hn::Sub(theory, unit)), hn::Exp(d, hn::Sub(straight, unit)));
        const M inside = hn::And(theoretical, hn::Ge(hn::Set(d, static_cast<float>(bin)), first));
        const V added = hn::Mul(hn::Set(d, rule_.boost), hn::IfThenElseZero(inside, deviation));
        const V reference = hn::Load(d, profile.reference + bin * profile.binStride);
        const V target = hn::Abs(hn::Add(reference, added));
        const V whole = hn::Div(target, hn::Load(d, profile.map + bin * profile.binStride));
        factor = hn::IfThenElse(theoretical, hn::IfThenElseZero(hn::IsFinite(whole), whole), factor);
      }
      store(bin, hn::IfThenZeroElse(hn::And(theoretical, failed), factor), factors);
    }
    fits.bfactor = hn::IfThenElse(theoretical, hn::Mul(hn::Set(d, -4.0f), line.slope), fits.bfactor);
    fits.quality = hn::IfThenElse(theoretical, line.quality, fits.quality);
    fits.failed = hn::Or(hn::And(theoretical, failed), hn::AndNot(theoretical, fits.failed));
    fits.bfactor = hn::IfThenZeroElse(fits.failed, fits.bfactor);
    fits.quality = hn::IfThenZeroElse(fits.failed, fits.quality);
  }

  const ScaleFactorRule& rule_;
};
