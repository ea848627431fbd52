#include "kernels/scaling/scale_factors.h"

#include <algorithm>
#include <cmath>

#include "kernels/fail.h"

namespace locscale {
namespace {

// First bin with f >= 1/resolution; `bins` when there is none.
int firstBin(const std::vector<double>& frequency, double resolution) {
  const auto at = std::lower_bound(frequency.begin(), frequency.end(), 1 / resolution);
  return static_cast<int>(at - frequency.begin());
}

// One past the last bin of a fit: a range that ends at the last bin or beyond holds that bin too.
int endOfFit(const std::vector<double>& frequency, double resolution) {
  if (frequency.back() <= 1 / resolution) return static_cast<int>(frequency.size());
  return firstBin(frequency, resolution);
}

LineFit makeFit(const std::vector<double>& frequency, int first, int end, const std::vector<double>& theory) {
  LineFit fit;
  fit.first = first;
  fit.end = end;
  const int n = end - first;
  double meanX = 0, sxx = 0, meanY = 0, sxy = 0;
  for (int i = first; i < end; i++) meanX += frequency[i] * frequency[i] / n;
  for (int i = first; i < end; i++) sxx += std::pow(frequency[i] * frequency[i] - meanX, 2);
  fit.meanX = static_cast<float>(meanX);
  fit.inverseSxx = static_cast<float>(1 / sxx);
  if (theory.empty()) return fit;
  for (int i = first; i < end; i++) {
    meanY += std::log(theory[i]) / n;
    sxy += std::log(theory[i]) * (frequency[i] * frequency[i] - meanX);
  }
  fit.theorySlope = static_cast<float>(sxy / sxx);
  fit.theoryIntercept = static_cast<float>(meanY - sxy / sxx * meanX);
  return fit;
}

void requireTwoBins(int first, int end, double low, double high, const ScaleFactorParameters& p, int window) {
  if (end - first >= 2) return;
  fail("input.parameter", "A window of ", window, " voxels of ", p.voxelSize, " A has ", std::max(0, end - first),
       " frequency bins between ", low, " and ", high,
       " A; the fit needs at least 2: give a larger window or other cut-offs.");
}

}  // namespace

ScaleFactorRule::ScaleFactorRule(const ScaleFactorParameters& p, const WindowPlan& plan, float mapUnit,
                                 float referenceUnit)
    : form(p.form), bfactors(p.form != ScalingForm::kAtomic || p.measureBfactor) {
  if (!bfactors) return;
  const int bins = plan.bins;
  std::vector<double> frequency(bins);
  for (int i = 0; i < bins; i++) frequency[i] = i / (plan.window * p.voxelSize);
  // Orthonormal transform: w^-1.5; the kernel has sums of magnitudes over a bin, in units of 1/unit.
  const double norm = std::pow(static_cast<double>(plan.window), -1.5);
  for (int i = 0; i < bins; i++) {
    x.push_back(static_cast<float>(frequency[i] * frequency[i]));
    logMap.push_back(static_cast<float>(std::log(norm * mapUnit / plan.counts[i])));
    logReference.push_back(static_cast<float>(std::log(norm * referenceUnit / plan.counts[i])));
  }

  const int fscEnd = endOfFit(frequency, p.fscCutoff);
  if (form == ScalingForm::kNoReference) {
    const int first = firstBin(frequency, p.wilsonCutoff);
    requireTwoBins(first, fscEnd, p.wilsonCutoff, p.fscCutoff, p, plan.window);
    fixed = makeFit(frequency, first, fscEnd, {});
    targetSlope = static_cast<float>(-p.targetBfactor / 4);
    lowPass.push_back(1);
    for (int i = 1; i < bins; i++) {
      lowPass.push_back(static_cast<float>(1 / (1 + std::exp(10 * (p.fscCutoff - 1 / frequency[i])))));
    }
    return;
  }
  if (p.measureBfactor) {
    const int first = firstBin(frequency, 10.0);
    requireTwoBins(first, fscEnd, 10.0, p.fscCutoff, p, plan.window);
    fixed = makeFit(frequency, first, fscEnd, {});
  }
  if (form == ScalingForm::kAtomic) return;

  for (const double amplitude : p.theory) logTheory.push_back(static_cast<float>(std::log(amplitude)));
  boost = static_cast<float>(p.boost > 1 ? p.boost : 1);
  deviationEnd = firstBin(frequency, p.fscCutoff);
  const int end = endOfFit(frequency, p.nyquistCutoff);
  // Local Wilson cut-off: d = 1/(0.309 (16 DC)^(-1/12)), at least 1.5 fscCutoff, at most (and that wins) wilsonCutoff.
  const int earliest = firstBin(frequency, p.wilsonCutoff);
  const int latest = firstBin(frequency, std::min(1.5 * p.fscCutoff, p.wilsonCutoff));
  requireTwoBins(latest, end, std::min(1.5 * p.fscCutoff, p.wilsonCutoff), p.nyquistCutoff, p, plan.window);
  for (int first = latest; first >= earliest; first--) {
    LineFit fit = makeFit(frequency, first, end, p.theory);
    // 1/d <= f, solved for the DC amplitude, in the kernel's units.
    const double dc = std::pow(0.309 / frequency[first], 12) / 16;
    fit.smallestDc = first == latest ? 0 : static_cast<float>(dc / (norm * referenceUnit));
    local.push_back(fit);
  }
}

}  // namespace locscale
