#include "kernels/audit/target_profile.h"

#include <algorithm>
#include <cmath>

namespace locscale::audit {
namespace {

// 1 at low resolution, 0 at high, one half at `cutoff`; `steepness` in 1/angstrom.
double lowPassWeight(double frequency, double cutoff, double steepness) {
  return frequency == 0 ? 1 : 1 / (1 + std::exp(steepness * (cutoff - 1 / frequency)));
}

TargetProfile failed(std::size_t bins) {
  TargetProfile result;
  result.target.assign(bins, 0.0);
  result.fitFailed = true;
  return result;
}

}  // namespace

TargetRule::TargetRule(const ScaleFactorParameters& given, int window, double smooth)
    : parameters(given), smoothFactor(smooth) {
  for (int r = 0; r <= window / 2; ++r) frequency.push_back(r / (window * parameters.voxelSize));
}

TargetProfile TargetRule::atomic(std::span<const double> reference) const {
  TargetProfile result;
  result.target.assign(reference.begin(), reference.end());
  if (!parameters.measureBfactor) return result;
  // The fit is for information: where it fails the scaling goes on.
  result.line = fitLine(reference, frequency, binsBetween(frequency, 10.0, parameters.fscCutoff));
  result.fitFailed = !result.line;
  if (result.line) {
    for (const double f : frequency) result.fittedLine.push_back(result.line->at(f));
  }
  return result;
}

TargetProfile TargetRule::theoretical(std::span<const double> reference) const {
  const std::size_t bins = frequency.size();
  const double atoms = 16 * reference[0];  // LocScale takes the DC amplitude for a number of atoms
  const double localWilson =
      std::min(std::max(1 / (0.309 * std::pow(atoms, -1.0 / 12)), 1.5 * parameters.fscCutoff), parameters.wilsonCutoff);
  const BinRange range = binsBetween(frequency, localWilson, parameters.nyquistCutoff);
  const auto line = fitLine(reference, frequency, range), theoryLine = fitLine(parameters.theory, frequency, range);
  if (!line || !theoryLine) return failed(bins);

  TheoryAudit theory{{}, {}, localWilson, localWilson, parameters.fscCutoff};
  for (std::size_t r = 0; r < bins; ++r) {
    const double f = frequency[r];
    const double scaled = line->amplitude / theoryLine->amplitude * parameters.theory[r] *
                          std::exp((line->slope - theoryLine->slope) * f * f);
    const double weight = lowPassWeight(f, localWilson, smoothFactor);
    theory.scaledTheory.push_back(scaled);
    theory.merged.push_back(weight * reference[r] + (1 - weight) * scaled);
  }
  const auto scaledLine = fitLine(theory.scaledTheory, frequency, range);
  if (!scaledLine) return failed(bins);

  TargetProfile result;
  const std::size_t begin = firstBin(frequency, localWilson), end = firstBin(frequency, parameters.fscCutoff);
  for (std::size_t r = 0; r < bins; ++r) {
    result.fittedLine.push_back(scaledLine->at(frequency[r]));
    const double deviation = r >= begin && r < end ? theory.scaledTheory[r] - result.fittedLine[r] : 0;
    result.target.push_back(reference[r] + std::max(parameters.boost, 1.0) * deviation);
  }
  result.line = line;
  result.theory = std::move(theory);
  return result;
}

TargetProfile TargetRule::noReference(std::span<const double> map) const {
  const auto& p = parameters;
  const auto line = fitLine(map, frequency, binsBetween(frequency, p.wilsonCutoff, p.fscCutoff));
  if (!line) return failed(frequency.size());
  TargetProfile result;
  result.line = line;
  const double bfactor = -4 * line->slope;
  for (std::size_t r = 0; r < frequency.size(); ++r) {
    const double f = frequency[r];
    const double sharpened = map[r] * std::exp((bfactor - p.targetBfactor) * f * f / 4);
    result.target.push_back(sharpened * lowPassWeight(f, p.fscCutoff, 10));
    result.fittedLine.push_back(line->at(f));
  }
  return result;
}

}  // namespace locscale::audit
